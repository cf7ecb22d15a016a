-- Files brought in, each once by its content: how far each has come, committed with what its lines recorded.
create table if not exists ledger.import (
    id            text primary key,          -- SHA-256 of the file
    name          text not null,             -- what the file was called
    format        text not null,
    subject       text not null,             -- for whom it is brought in
    recorder      text not null,
    agency        text,
    state         text not null,
    check_only    boolean not null,          -- whether to stop once it has been checked
    bytes         bigint not null,
    bytes_read    bigint not null default 0, -- of the checking
    lines         bigint,                    -- how many lines say something; known once it has been checked
    lines_done    bigint not null default 0,
    last_line     bigint not null default 0, -- the number of the last line whose entries are recorded
    entries       bigint not null default 0, -- how many entries are recorded
    decided       bigint,                    -- how many entries the checked file comes to
    agreements    bigint,
    flags         jsonb,                     -- how many agreements bear each flag
    problems      jsonb,                     -- the first of the bad lines
    problem_count bigint not null default 0,
    message       text,                      -- why it stopped
    rate          double precision,          -- lines a second, of the work under way or done last
    received_at   timestamptz not null default clock_timestamp(),
    started_at    timestamptz,
    changed_at    timestamptz not null default clock_timestamp(),
    finished_at   timestamptz
);
create index if not exists import_received_at on ledger.import (received_at desc, id);
