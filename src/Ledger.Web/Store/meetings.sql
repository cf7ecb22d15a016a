-- What meetings are listed by, the latest first: of every meeting one row for all lists and one for each agency that took part.
-- Ledger.Web/Store/MeetingRows.cs makes them, in the transaction that writes the entries.
create table if not exists ledger.meeting_list (
    meeting_id text collate "C" not null,
    agency     text collate "C" not null,    -- empty in the row of every meeting
    held_key   integer not null,             -- days from the last on which it can have been held to the end of the calendar
    primary key (meeting_id, agency)
);
create index if not exists meeting_list_by_day on ledger.meeting_list (agency, held_key, meeting_id);

-- An earlier version had triggers make the rows.
drop trigger if exists list_meeting on ledger.mt_doc_meeting;
drop trigger if exists list_meeting_anew on ledger.mt_doc_meeting;
drop function if exists ledger.list_meetings_anew();
drop function if exists ledger.meetings_listed_wrong();
drop function if exists ledger.list_meeting();
drop function if exists ledger.meeting_rows(text, jsonb);
drop function if exists ledger.last_day(text);
