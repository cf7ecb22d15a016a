-- What agreements are searched by, by what was known over a time: reference, titles and summary as Ledger.Web/Store/Folded.cs folds them.
-- Kept after the entries, by one node at a time; ledger.mt_event_progression says up to which of them.
create table if not exists ledger.agreement_search (
    agreement_id text collate "C" not null,
    known_from   timestamptz not null,
    known_to     timestamptz not null,
    text         text collate "C" not null,
    primary key (agreement_id, known_from)
);
create index if not exists agreement_search_text on ledger.agreement_search using gin (text gin_trgm_ops);
