-- What the Ledger keeps beside Marten's own tables. Applied by the owner whenever another build comes to the store; each statement may be repeated.

-- Names and offices, which can forget: events hold a person's id and commitments alone.
create table if not exists ledger.person (
    person_id         text primary key,
    identity          bytea unique,          -- SHA-256 of subject, agency, name and office; empty once erased
    subject           text,                  -- who signed in, for those who record
    agency            text,
    name              text,
    office            text,
    name_salt         bytea,
    office_salt       bytea,
    name_commitment   text not null,
    office_commitment text,
    erased_at         timestamptz
);

-- The first answer to every request that wrote, kept for ever and committed with what it wrote.
create table if not exists ledger.idempotency_key (
    id            text primary key,          -- SHA-256 of caller and key
    fingerprint   text not null,             -- SHA-256 of method, path and canonical body
    status        integer not null,
    location      text,
    etag          text,
    body          text not null,             -- text, not jsonb: the answer is given again byte for byte
    recorded_at   timestamptz not null
);

-- The last number given in a series of references. The row lock makes numbers follow each other without a gap.
create table if not exists ledger.reference_counter (
    series text not null,
    year   integer not null,
    last   integer not null,
    primary key (series, year)
);

-- Files, under their hash.
create table if not exists ledger.document_content (
    sha256  text primary key,
    content bytea not null
);

-- Which build of the Ledger brought Marten's tables to what it needs last.
create table if not exists ledger.schema_made (
    one   boolean primary key default true check (one),
    build text not null
);

-- Counts every change of what answers about agreements show beside them: agencies, meetings put right, persons erased. Whoever keeps such
-- names ready knows by it whether they still hold.
create table if not exists ledger.names (
    one   boolean primary key default true check (one),
    stamp bigint not null
);
insert into ledger.names (stamp) values (0) on conflict do nothing;

-- A store from before the references had a column of their own.
update ledger.mt_doc_agreement set reference = data ->> 'reference' where reference is null;
update ledger.mt_doc_meeting set reference = data ->> 'reference' where reference is null;

-- Room beside each row, so that the next state of a stream lies on the same page and no index is touched.
alter table ledger.mt_streams set (fillfactor = 80);
alter table ledger.mt_doc_agreement set (fillfactor = 60);

-- What was recorded by an instant, or between two. Marten is told to leave it alone (LedgerStore.EventsByInstant).
create index if not exists mt_events_by_instant on ledger.mt_events (timestamp, seq_id);

-- Called once by each writing transaction, after it has read the streams it writes to. Announces the transaction by a lock that others can
-- see until it ends, and only then reads the clock: whoever sees no lock of it knows that its instant lies after the look.
-- The second key of the lock is the last sequence given out so far: what the transaction writes comes after that.
create or replace function ledger.begin_entry(out recorded_at timestamptz) language plpgsql volatile as $$
begin
    perform pg_advisory_xact_lock_shared(1279607879, (select (s.last_value & 2147483647)::integer from ledger.mt_events_sequence s));
    recorded_at := clock_timestamp();
    perform set_config('ledger.recorded_at', recorded_at::text, true);
end $$;

-- Up to which instant and which sequence the record can no longer change: every transaction that could still write at or before them has
-- ended. Must be a statement of its own, before and apart from the one that reads entries. As its owner, who sees since when everybody's
-- transactions have been open: to others the server shows that of their own role alone, and one that is not seen would be passed over.
create or replace function ledger.settled(out instant timestamptz, out sequence bigint) language plpgsql volatile
security definer set search_path = pg_catalog, pg_temp as $$
declare
    writers integer[];
    lowest  bigint;
    started timestamptz;
begin
    instant := clock_timestamp();
    select case when s.is_called then s.last_value else 0 end into sequence from ledger.mt_events_sequence s;
    select array_agg(l.pid), min(l.objid::bigint) into writers, lowest
      from pg_locks l
     where l.locktype = 'advisory' and l.classid = 1279607879 and l.objsubid = 2
       and l.database = (select d.oid from pg_database d where d.datname = current_database());
    if writers is not null then
        select min(a.xact_start) into started from pg_stat_activity a where a.pid = any (writers);
        sequence := least(sequence, lowest);
        instant := least(instant, started - interval '1 microsecond');
    end if;
end $$;

-- Append-only, whoever connects: no entry changes or goes, and none carries another instant than its transaction's own.
create or replace function ledger.guard_entry() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' then
        raise exception 'Entries of the ledger are never changed or removed (% on %).', tg_op, tg_table_name using errcode = 'insufficient_privilege';
    end if;
    -- After an append that failed, Marten fills the sequences it had drawn. Nobody here counts on sequences without a gap.
    if new.type = 'tombstone' then
        return null;
    end if;
    if new.timestamp is distinct from nullif(current_setting('ledger.recorded_at', true), '')::timestamptz then
        raise exception 'The instant of recording is given by ledger.begin_entry() and by nothing else.' using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;

create or replace function ledger.guard_stream() returns trigger language plpgsql as $$
begin
    raise exception 'Streams of the ledger are never removed (% on %).', tg_op, tg_table_name using errcode = 'insufficient_privilege';
end $$;

create or replace trigger guard_entry before insert or update or delete on ledger.mt_events for each row execute function ledger.guard_entry();
create or replace trigger guard_entries before truncate on ledger.mt_events for each statement execute function ledger.guard_stream();
create or replace trigger guard_stream before delete on ledger.mt_streams for each row execute function ledger.guard_stream();
create or replace trigger guard_streams before truncate on ledger.mt_streams for each statement execute function ledger.guard_stream();

-- A person who was erased or renamed is so in every answer kept ready. Whoever records only adds persons.
create or replace function ledger.change_names() returns trigger language plpgsql as $$
begin
    update ledger.names set stamp = stamp + 1;
    return null;
end $$;
create or replace trigger change_names after update or delete on ledger.person for each statement execute function ledger.change_names();

-- The keys that protect sessions and forms of the pages: here, so that every node on this store accepts what another has given out.
create table if not exists ledger.page_key (
    name text primary key,
    xml text not null
);

-- The secret address under which a reader's programs fetch what falls due: one for each reader, with what the reader was when it was made.
create table if not exists ledger.deadline_feed (
    subject       text primary key,
    secret_sha256 bytea not null unique,     -- the secret itself is shown once and kept nowhere
    agency        text,
    roles         text[] not null,
    language      text not null,
    made_at       timestamptz not null default now()
);
-- Meetings that are being written down in the pages, each its author's alone. Once one is recorded, what it held goes and the receipt stays.
create table if not exists ledger.meeting_draft (
    id         text primary key,             -- also the idempotency key of its recording: a draft is recorded once at most
    subject    text not null,                -- whose it is
    version    bigint not null,
    content    text,                         -- the meeting as JSON; empty once recorded
    receipt    text,                         -- what recording it answered
    changed_at timestamptz not null
);
create index if not exists meeting_draft_subject on ledger.meeting_draft (subject);
