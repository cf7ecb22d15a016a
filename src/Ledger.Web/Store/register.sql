-- What the register lists of an agreement: one row for the days on which it lists the same, by what was known over a time. For every agreement,
-- day and instant there is one row at most; Ledger.Web/Store/RegisterRows.cs makes them, in the transaction that writes the entries.
create table if not exists ledger.agreement_period (
    agreement_id      text collate "C" not null,
    day_from          date not null,
    day_until         date not null,             -- the last day
    known_from        timestamptz not null,
    known_to          timestamptz not null,      -- the instant from which it is known otherwise; infinity while it is not
    status            text collate "C" not null,
    certain           boolean not null,
    parties           text[] not null,           -- codes as the agreement names them, in its order
    provisional_from  date,
    in_force_from     date,
    expires_on        date,
    last_discussed_on text,                      -- EDTF, level 0
    reference         text collate "C" not null,
    title             text not null,
    fields            text[] not null,
    visibility        text not null,
    flags             text[] not null,
    facets            text[] collate "C" not null, -- what it can be found by: p:party, t:takes part, f:field, s:status, x:flag, and v for everybody
    title_key         text collate "C" not null, -- without case and accents
    expires_key       date not null,             -- infinity where there is no term
    discussed_key     integer not null,          -- days from the last discussion to the end of the calendar: the latest first
    primary key (agreement_id, known_to, day_from)
) partition by list (known_to);

-- What is known now lies apart: lists of today stay as fast as ever, however much was once known otherwise.
create table if not exists ledger.agreement_period_now partition of ledger.agreement_period for values in ('infinity');
create table if not exists ledger.agreement_period_past partition of ledger.agreement_period default;

-- Lists of what is known now: one walk along the order asked for. What was known early, or began early, when
-- little did, is found by that.
drop index if exists ledger.agreement_period_by_reference;
drop index if exists ledger.agreement_period_by_title;
drop index if exists ledger.agreement_period_by_expires_on;
drop index if exists ledger.agreement_period_by_last_discussed_on;
create index if not exists agreement_period_now_by_reference on ledger.agreement_period_now (reference, agreement_id);
create index if not exists agreement_period_now_by_title on ledger.agreement_period_now (title_key, agreement_id);
create index if not exists agreement_period_now_by_expires_on on ledger.agreement_period_now (expires_key, agreement_id);
create index if not exists agreement_period_now_by_last_discussed_on on ledger.agreement_period_now (discussed_key, agreement_id);
create index if not exists agreement_period_now_by_known_from on ledger.agreement_period_now (known_from);
create index if not exists agreement_period_now_by_day_from on ledger.agreement_period_now (day_from);
create index if not exists agreement_period_now_restricted on ledger.agreement_period_now (agreement_id) where visibility = 'restricted';
create index if not exists agreement_period_facets on ledger.agreement_period using gin (facets);

-- Lists of what was once known: each row lies in a span of time (KnownSpan in RegisterRows.cs), and an instant has a few spans in which rows may
-- have been known at it: as many walks along an order, however much was recorded.
alter table ledger.agreement_period add column if not exists known_span bigint; -- empty while it is known
create index if not exists agreement_period_past_by_reference on ledger.agreement_period_past (known_span, reference, agreement_id);
create index if not exists agreement_period_past_by_title on ledger.agreement_period_past (known_span, title_key, agreement_id);
create index if not exists agreement_period_past_by_expires_on on ledger.agreement_period_past (known_span, expires_key, agreement_id);
create index if not exists agreement_period_past_by_last_discussed_on on ledger.agreement_period_past (known_span, discussed_key, agreement_id);

-- Every field of cooperation that any agreement was ever in.
create table if not exists ledger.agreement_field (field text primary key);

-- By which rules each projection was made last. One that is not named here, or by an older number, is made anew at start.
create table if not exists ledger.projection (
    name    text primary key,
    version integer not null,
    made_at timestamptz not null default now()
);
