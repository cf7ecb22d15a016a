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

-- Planners' statistics are samples of values, which nobody could forget there: none are kept of what names persons.
alter table ledger.person alter column identity set statistics 0, alter column subject set statistics 0, alter column name set statistics 0,
    alter column office set statistics 0, alter column name_salt set statistics 0, alter column office_salt set statistics 0;

-- Who erased whose data, when and why. Itself it tells nothing of the person.
create table if not exists ledger.person_erasure (
    person_id   text primary key,
    erased_at   timestamptz not null,
    erased_by   text not null,               -- the person id of the registrar
    agency      text,                        -- for which agency
    reason      text not null,
    legal_basis text not null
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

-- What puts an entry right, however long its stream. Marten is told to leave it alone as well.
create index if not exists mt_events_corrections on ledger.mt_events (stream_id, ((data ->> 'corrects')::bigint), version) where type in ('agreement_entry_corrected', 'meeting_entry_corrected');

-- The highest instant that was given to an entry or told to a reader, in microseconds since 1970. Not in the log of PostgreSQL, so that readers
-- write nothing there; after a crash it begins again behind the last entries.
create unlogged sequence if not exists ledger.clock minvalue 0 start 0;

-- Another instant than any before it, and what the clock said. While the clock is behind what was told already, because it was set back,
-- instants follow each other by microseconds until it has caught up. One at a time, and for no longer than this takes. Whoever is going to write
-- announces it in the same breath, by two locks that others can see until the transaction ends: one names the last sequence given out so far, the
-- other an instant. What the transaction writes comes after both, and whoever takes a later instant sees the locks.
drop function if exists ledger.tick();
create or replace function ledger.tick(announces boolean default false, out instant timestamptz, out said timestamptz) language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    is_ours  boolean := false;
    is_known boolean;
    told     bigint;
    micros   bigint;
begin
    perform pg_advisory_lock(1279607882);
    is_ours := true;
    said := clock_timestamp();
    micros := (extract(epoch from said) * 1000000)::bigint;
    select c.last_value, c.is_called into told, is_known from ledger.clock c;
    if not is_known then
        select coalesce((extract(epoch from max(e.timestamp)) * 1000000)::bigint, 0) into told
          from (select timestamp from ledger.mt_events order by seq_id desc limit 10000) e;
    end if;
    micros := greatest(micros, told + 1);
    if announces then
        perform pg_advisory_xact_lock_shared(1291845632 + (micros >> 31)::integer, (micros & 2147483647)::integer),
                pg_advisory_xact_lock_shared(1279607879, (s.last_value & 2147483647)::integer) from ledger.mt_events_sequence s;
        micros := micros + 1;
    end if;
    perform setval('ledger.clock', micros);
    perform pg_advisory_unlock(1279607882);
    instant := timestamptz 'epoch' + micros * interval '1 microsecond';
exception when query_canceled or others then
    -- A lock of the session would outlive a statement that was cancelled.
    if is_ours then
        perform pg_advisory_unlock(1279607882);
    end if;
    raise;
end $$;

-- The transactions that have begun to write, each with its instant. A row is seen by its own transaction alone, goes with a savepoint that is
-- undone, and is of no use once its transaction has ended: not in the log of PostgreSQL, and without an index, for it is found by where it lies.
create unlogged table if not exists ledger.begun (
    transaction xid8 not null,
    instant     timestamptz not null,
    said        text                         -- what the clock said, where it contradicts the instant
);

-- Called once by each writing transaction, after it has read the streams it writes to: announces it and gives its instant. Where the clock
-- contradicts the instant, because it was set back or because the caller's clock says something else, what was said is kept beside each entry.
-- As its owner: what it notes for the guards below nobody else can write. The settings only repeat it.
drop function if exists ledger.begin_entry();
create or replace function ledger.begin_entry(at timestamptz default null, out recorded_at timestamptz) language plpgsql volatile
security definer set search_path = pg_catalog, pg_temp as $$
declare
    clock timestamptz;
    told  text;
    place tid;
begin
    select t.instant, t.said into recorded_at, clock from ledger.tick(true) t;
    if clock > recorded_at - interval '1 millisecond' then
        clock := case when at not between recorded_at - interval '1 minute' and recorded_at + interval '1 minute' then at end;
    end if;
    -- One in some hundreds sweeps up after those that have ended.
    if extract(microseconds from recorded_at)::integer & 255 = 0 then
        delete from ledger.begun b
         where b.ctid = any (array(select e.ctid from ledger.begun e where e.transaction < pg_snapshot_xmin(pg_current_snapshot()) for update skip locked));
    end if;
    told := to_char(clock at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
    insert into ledger.begun as b values (pg_current_xact_id(), recorded_at, told) returning b.ctid into place;
    perform set_config('ledger.recorded_at', recorded_at::text, true), set_config('ledger.begun', place::text, true), set_config('ledger.clock_said', coalesce(told, ''), true);
end $$;

-- The next reference of a series, such as CA-2020-0007, that no agreement bears already. Whoever asks for one of the same series and year then
-- waits until this transaction has ended.
create or replace function ledger.next_reference(of_series text, of_year integer) returns text language plpgsql volatile as $$
declare
    number integer;
    given  text;
begin
    loop
        insert into ledger.reference_counter as c values (of_series, of_year, 1) on conflict (series, year) do update set last = c.last + 1 returning c.last into number;
        given := of_series || '-' || lpad(of_year::text, 4, '0') || '-' || lpad(number::text, greatest(4, length(number::text)), '0');
        exit when not exists (select from ledger.mt_doc_agreement a where a.reference = given);
    end loop;
    return given;
end $$;

-- Up to which instant and which sequence the record can no longer change: every transaction that could still write at or before them has
-- ended. Must be a statement of its own, before and apart from the one that reads entries. As its owner, who alone may move
-- the record's clock.
create or replace function ledger.settled(out instant timestamptz, out sequence bigint) language plpgsql volatile
security definer set search_path = pg_catalog, pg_temp as $$
declare
    announced bigint;
    lowest    bigint;
begin
    select t.instant into instant from ledger.tick() t;
    select case when s.is_called then s.last_value else 0 end into sequence from ledger.mt_events_sequence s;
    select min(l.objid::bigint) filter (where l.classid = 1279607879),
           min((l.classid::bigint - 1291845632 << 31) + l.objid::bigint) filter (where l.classid <> 1279607879)
      into lowest, announced
      from pg_locks l
     where l.locktype = 'advisory' and l.objsubid = 2 and (l.classid = 1279607879 or l.classid between 1291845632 and 1308622591)
       and l.database = (select d.oid from pg_database d where d.datname = current_database());
    sequence := least(sequence, lowest);
    instant := least(instant, timestamptz 'epoch' + announced * interval '1 microsecond');
end $$;

-- Append-only, whoever connects: no entry changes or goes.
create or replace function ledger.guard_entry() returns trigger language plpgsql as $$
begin
    raise exception 'Entries of the ledger are never changed or removed (% on %).', tg_op, tg_table_name using errcode = 'insufficient_privilege';
end $$;

-- The few entries that are not written as they come: those beside which the clock's word is kept, and those that are none. After an append that
-- failed, Marten fills the sequences it had drawn with tombstones; nobody here counts on sequences without a gap.
create or replace function ledger.mark_entry() returns trigger language plpgsql as $$
begin
    if new.type = 'tombstone' then
        return null;
    end if;
    new.headers := coalesce(new.headers, '{}') || jsonb_build_object('clockSaid', current_setting('ledger.clock_said'));
    return new;
end $$;

-- None carries another instant than its transaction's own, nor another word of the clock. The setting says only where the note of them lies:
-- another's is not seen, or is of another transaction. Once for all entries of a statement: once for each cost an import half as much again.
create or replace function ledger.guard_instant() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    given timestamptz;
    clock text;
begin
    select b.instant, b.said into given, clock from ledger.begun b
     where b.ctid = nullif(current_setting('ledger.begun', true), '')::tid and b.transaction = pg_current_xact_id();
    if exists (select from added a where a.timestamp is distinct from given or a.headers ->> 'clockSaid' is distinct from clock) then
        raise exception 'The instant of recording is given by ledger.begin_entry() and by nothing else.' using errcode = 'insufficient_privilege';
    end if;
    return null;
end $$;

create or replace function ledger.guard_stream() returns trigger language plpgsql as $$
begin
    raise exception 'Streams of the ledger are never removed (% on %).', tg_op, tg_table_name using errcode = 'insufficient_privilege';
end $$;

create or replace trigger guard_entry before update or delete on ledger.mt_events for each row execute function ledger.guard_entry();
create or replace trigger mark_entry before insert on ledger.mt_events for each row
    when (new.type = 'tombstone' or current_setting('ledger.clock_said', true) <> '') execute function ledger.mark_entry();
create or replace trigger guard_instant after insert on ledger.mt_events referencing new table as added for each statement execute function ledger.guard_instant();
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

-- Forgets a person, and what else is kept of one who has signed in; whether there was anything to forget. As its owner: whoever serves can
-- neither rename a person nor erase one without leaving word of it.
create or replace function ledger.erase_person(whom text, by_whom text, for_agency text, why text, basis text) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
    known ledger.person;
begin
    select * into known from ledger.person p where p.person_id = whom for update;
    if not found or exists (select from ledger.person_erasure e where e.person_id = whom) then
        return false;
    end if;

    -- Whoever came without a name from another ledger keeps the day on which it was erased there.
    insert into ledger.person_erasure values (whom, clock_timestamp(), by_whom, for_agency, why, basis);
    update ledger.person set identity = null, subject = null, name = null, office = null, name_salt = null, office_salt = null, erased_at = coalesce(known.erased_at, clock_timestamp())
     where person_id = whom;
    update ledger.import set recorder = '', subject = '' where subject = known.subject and recorder = known.name and finished_at is not null;
    if known.subject is not null and not exists (select from ledger.person p where p.subject = known.subject) then
        delete from ledger.deadline_feed where subject = known.subject;
        delete from ledger.meeting_draft where subject = known.subject;
    end if;
    return true;
end $$;

-- The keys that protect sessions and forms of the pages: here, so that every node on this store accepts what another has given out.
create table if not exists ledger.page_key (
    name text primary key,
    xml text not null
);

-- The secret address under which a reader's programs fetch what falls due: one for each reader, with what the reader was when they last signed in.
create table if not exists ledger.deadline_feed (
    subject       text primary key,
    secret_sha256 bytea not null unique,     -- the secret itself is shown once and kept nowhere
    agency        text,
    roles         text[] not null,
    language      text not null,
    made_at       timestamptz not null default now()
);
alter table ledger.deadline_feed add column if not exists confirmed_at timestamptz not null default now(); -- when the reader last signed in

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
alter table ledger.meeting_draft alter column content set statistics 0;

-- Statistics from before none were kept; to give a column the type that it has lets go of them.
do $$
begin
    if exists (select from pg_stats where schemaname = 'ledger' and tablename = 'person' and attname in ('identity', 'subject', 'name', 'office', 'name_salt', 'office_salt')) then
        alter table ledger.person alter column identity type bytea, alter column subject type text, alter column name type text,
            alter column office type text, alter column name_salt type bytea, alter column office_salt type bytea;
    end if;
    if exists (select from pg_stats where schemaname = 'ledger' and tablename = 'meeting_draft' and attname = 'content') then
        alter table ledger.meeting_draft alter column content type text;
    end if;
end $$;
