-- What meetings are listed by, the latest first: of every meeting one row for all lists and one for each agency that took part. It follows
-- ledger.mt_doc_meeting as an index would, and only its owner writes it: by the trigger there, and by list_meetings_anew for a rebuild.
create table if not exists ledger.meeting_list (
    meeting_id text collate "C" not null,
    agency     text collate "C" not null,    -- empty in the row of every meeting
    held_key   integer not null,             -- days from the last on which it can have been held to the end of the calendar: the latest first
    primary key (meeting_id, agency)
);
create index if not exists meeting_list_by_day on ledger.meeting_list (agency, held_key, meeting_id);

-- The last day that can be meant by a day in EDTF, as Ledger.Domain/Days/Day.cs reads it.
create or replace function ledger.last_day(edtf text) returns date language plpgsql immutable as $$
declare
    day text := rtrim(split_part(edtf, '/', case when edtf like '%/%' then 2 else 1 end), '?');
begin
    return case length(day)
        when 4 then make_date(day::integer, 12, 31)
        when 7 then (make_date(left(day, 4)::integer, right(day, 2)::integer, 1) + interval '1 month' - interval '1 day')::date
        else make_date(left(day, 4)::integer, substr(day, 6, 2)::integer, right(day, 2)::integer)
    end;
end $$;

create or replace function ledger.meeting_rows(id text, data jsonb) returns setof ledger.meeting_list language plpgsql immutable as $$
declare
    held_key integer := date '9999-12-31' - ledger.last_day(data #>> '{facts,occurredOn}');
begin
    return query select id, '', held_key;
    return query select distinct id, p.code #>> '{}', held_key from jsonb_path_query(data, '$.facts.participants[*].agency') p(code) where p.code #>> '{}' <> '';
end $$;

-- As its owner, who alone may write the table.
create or replace function ledger.list_meeting() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    if tg_op <> 'INSERT' then
        delete from ledger.meeting_list l where l.meeting_id = old.id;
    end if;
    if tg_op <> 'DELETE' then
        insert into ledger.meeting_list select r.* from ledger.meeting_rows(new.id, new.data) r;
    end if;
    return null;
end $$;

create or replace trigger list_meeting after insert or delete on ledger.mt_doc_meeting for each row execute function ledger.list_meeting();
create or replace trigger list_meeting_anew after update on ledger.mt_doc_meeting for each row
    when (old.id <> new.id or old.data -> 'facts' is distinct from new.data -> 'facts') execute function ledger.list_meeting();

-- What is listed of a meeting otherwise than its document makes it, or of none.
create or replace function ledger.meetings_listed_wrong() returns setof text language sql stable set search_path = pg_catalog, pg_temp as $$
    select distinct meeting_id
      from (select r.* from ledger.mt_doc_meeting m, ledger.meeting_rows(m.id, m.data) r) made full join ledger.meeting_list kept using (meeting_id, agency)
     where made.held_key is distinct from kept.held_key
$$;

-- Lists those anew, as the owner: whoever asks for it can make nothing else of the list.
create or replace function ledger.list_meetings_anew() returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    wrong text[] := array(select ledger.meetings_listed_wrong());
begin
    delete from ledger.meeting_list l where l.meeting_id = any (wrong);
    insert into ledger.meeting_list select r.* from ledger.mt_doc_meeting m, ledger.meeting_rows(m.id, m.data) r where m.id = any (wrong);
end $$;

-- A store from before meetings were listed here.
insert into ledger.meeting_list select r.* from ledger.mt_doc_meeting m, ledger.meeting_rows(m.id, m.data) r where not exists (select from ledger.meeting_list);
