-- Who may do what in the database of a Ledger. Run once in that database by an administrator of the server, before the Ledger first starts
-- there and again with each new version; it may be repeated. On a store that one role has owned so far, everything comes to ledger_owner.
--
--   ledger_owner   makes and alters the schema, when "migrate" runs; nobody serves with it
--   ledger_writer  the Ledger itself: adds entries and keeps projections; changes and removes no entry, and alters nothing
--   ledger_reader  auditors and reports: reads, and no secret
--
-- What each may do with which table is given by the owner with every migration (src/Ledger.Web/Store/rights.sql). None of the three has a
-- password yet: give each one with \password, or let it in by other means of pg_hba.conf.
do $$
declare
    thing  record;
    here   text := quote_ident(current_database());
begin
    for thing in select * from unnest(array['ledger_owner', 'ledger_writer', 'ledger_reader']) r(name) loop
        if not exists (select from pg_roles where rolname = thing.name) then
            execute format('create role %I login nosuperuser nocreatedb nocreaterole noreplication nobypassrls', thing.name);
        end if;
    end loop;

    -- The database is the Ledger's alone, and the owner may alter it: whoever else should connect is granted so.
    execute format('alter database %s owner to ledger_owner', here);
    execute format('revoke all on database %s from public', here);
    execute format('grant connect, temporary on database %s to ledger_writer', here);
    execute format('grant connect on database %s to ledger_reader', here);
    revoke create on schema public from public;

    -- Large objects belong to nobody here, and anybody could fill the disk with them.
    revoke execute on function pg_catalog.lo_creat(integer), pg_catalog.lo_create(oid), pg_catalog.lo_from_bytea(oid, bytea) from public;

    -- A store that one role has owned so far. What an extension brought stays its own, and indexes and sequences of columns go with their tables.
    if exists (select from pg_namespace where nspname = 'ledger') then
        alter schema ledger owner to ledger_owner;
        for thing in
            select format('alter %s ledger.%I owner to ledger_owner', case c.relkind when 'S' then 'sequence' else 'table' end, c.relname) as sql
              from pg_class c
             where c.relnamespace = 'ledger'::regnamespace and c.relkind in ('r', 'p', 'S', 'v', 'm') and c.relowner <> 'ledger_owner'::regrole
               and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype in ('a', 'i', 'e') and c.relkind = 'S')
            union all
            select format('alter function %s owner to ledger_owner', p.oid::regprocedure)
              from pg_proc p
             where p.pronamespace = 'ledger'::regnamespace and p.proowner <> 'ledger_owner'::regrole
               and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
        loop
            execute thing.sql;
        end loop;
    end if;
end $$;
