-- What falls due in each agreement by what is known now: one row for each deadline and the days on which it is one. Ledger.Web/Store/DeadlineRows.cs
-- makes them, in the transaction that writes the entries.
create table if not exists ledger.agreement_deadline (
    agreement_id text collate "C" not null,
    place        integer not null,          -- which of the rows of its agreement
    kind         text collate "C" not null,
    subject      text,                      -- the id of the phase, or the code of the party
    due_on       text not null,             -- EDTF, level 0
    entry        bigint not null,           -- the number of the entry on which it rests
    day_from     date not null,
    day_until    date not null,             -- the last day
    reference    text collate "C" not null,
    due_key      date not null,             -- the last day that due_on can mean
    facets       text[] collate "C" not null, -- what it can be found by: p:party, t:takes part, v for everybody, d:kind
    primary key (agreement_id, place)
);
create index if not exists agreement_deadline_by_day on ledger.agreement_deadline (due_key, reference, place) include (day_from, day_until);
create index if not exists agreement_deadline_facets on ledger.agreement_deadline using gin (facets);
