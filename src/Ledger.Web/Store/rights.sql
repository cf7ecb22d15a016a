-- What the roles of ops/sql/roles.sql may do. Applied last, by the owner: a table that is not named here is the owner's alone.
do $$
begin
    if not exists (select from pg_roles where rolname = 'ledger_writer') then
        return; -- a store without roles, which one role owns and serves: refused in production
    end if;

    revoke all on all tables in schema ledger from public, ledger_writer, ledger_reader;
    revoke all on all sequences in schema ledger from public, ledger_writer, ledger_reader;
    grant usage on schema ledger to ledger_writer, ledger_reader;
    revoke execute on function ledger.settled(), ledger.tick(boolean), ledger.begin_entry(timestamptz), ledger.erase_person(text, text, text, text, text) from public;
    grant execute on function ledger.settled() to ledger_writer, ledger_reader;
    grant execute on function ledger.tick(boolean), ledger.begin_entry(timestamptz) to ledger_writer;
    grant execute on function ledger.erase_person(text, text, text, text, text) to ledger_writer;

    -- What is written once and stands.
    grant select, insert on
        ledger.mt_events, ledger.idempotency_key, ledger.document_content, ledger.person
        to ledger_writer;

    -- What follows the entries and can be made anew from them, and what the Ledger keeps for its own work.
    grant select, insert, update on
        ledger.mt_streams, ledger.reference_counter, ledger.import, ledger.projection, ledger.page_key
        to ledger_writer;
    grant select, insert, update, delete on
        ledger.mt_doc_agreement, ledger.mt_doc_meeting, ledger.mt_doc_agency, ledger.meeting_list, ledger.agreement_period, ledger.agreement_deadline, ledger.agreement_field, ledger.agreement_search,
        ledger.mt_event_progression, ledger.mt_event_projection_floors, ledger.mt_high_water_skips, ledger.mt_doc_deadletterevent, ledger.mt_doc_envelope,
        ledger.deadline_feed, ledger.meeting_draft,
        ledger.wolverine_agent_restrictions, ledger.wolverine_control_queue, ledger.wolverine_dead_letter_history, ledger.wolverine_dead_letters,
        ledger.wolverine_incoming_envelopes, ledger.wolverine_node_assignments, ledger.wolverine_node_records, ledger.wolverine_nodes,
        ledger.wolverine_outgoing_envelopes
        to ledger_writer;
    grant select, update on ledger.names to ledger_writer;
    grant select on ledger.schema_made, ledger.person_erasure to ledger_writer;

    -- Numbers are drawn, and never set; the record's clock is moved by its own function alone.
    grant usage, select on all sequences in schema ledger to ledger_writer;
    revoke all on sequence ledger.clock from ledger_writer;

    -- No keys of sessions, no drafts of officers, no salts, nothing by which somebody could be found again or a feed be fetched.
    grant select on
        ledger.mt_events, ledger.mt_streams, ledger.idempotency_key, ledger.document_content, ledger.reference_counter, ledger.import, ledger.projection,
        ledger.mt_doc_agreement, ledger.mt_doc_meeting, ledger.mt_doc_agency, ledger.meeting_list, ledger.agreement_period, ledger.agreement_deadline, ledger.agreement_field, ledger.agreement_search,
        ledger.mt_event_progression, ledger.names, ledger.schema_made, ledger.person_erasure
        to ledger_reader;
    grant select (person_id, agency, name, office, name_commitment, office_commitment, erased_at) on ledger.person to ledger_reader;
    grant select (agency, roles, language, made_at) on ledger.deadline_feed to ledger_reader;
end $$;
