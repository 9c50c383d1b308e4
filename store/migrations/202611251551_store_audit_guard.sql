-- What may happen to rows of the audit trail, said once for every role, the owner included:
-- events only come; personal values go with their key; the beginning goes at a checkpoint.
-- This guards against mistakes. Against somebody with the owner's login the chain and its
-- exported checkpoints do.

-- Erasing a person: the values go in the statement that deletes the key, whoever deletes it.
create function audit_erase_values() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    update audit_event
    set personal = (
        select coalesce(jsonb_agg(entry order by position), '[]')
        from jsonb_array_elements(personal) with ordinality as entries (entry, position)
        where not entry -> 'of' @> to_jsonb(old.subject_id)
    )
    where account_id = old.account_id and person_ids @> array[old.subject_id];
    return null;
end
$$;

create trigger subject_key_erases_values after delete on subject_key
    for each row execute function audit_erase_values();

create function subject_key_guard() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
    raise exception 'a key of the audit trail is never changed: it is made, and deleted when its person is erased'
        using errcode = 'integrity_constraint_violation';
end
$$;

create trigger subject_key_is_never_changed before update on subject_key
    for each row execute function subject_key_guard();
create trigger subject_key_is_never_emptied before truncate on subject_key
    for each statement execute function subject_key_guard();

create function audit_event_guard() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
    if tg_op = 'UPDATE' then
        -- Only audit_erase_values comes from another trigger.
        if pg_trigger_depth() > 1 and to_jsonb(new) - 'personal' = to_jsonb(old) - 'personal'
           and new.personal <@ old.personal then
            return new;
        end if;
    elsif tg_op = 'DELETE' then
        if exists (
            select from audit_chain
            where account_id = old.account_id and pruned_through >= old.sequence
        ) then
            return old;
        end if;
    end if;
    raise exception 'an audit event is never changed, and removed only by retention, up to a checkpoint'
        using errcode = 'integrity_constraint_violation';
end
$$;

create trigger audit_event_is_never_changed before update or delete on audit_event
    for each row execute function audit_event_guard();
create trigger audit_event_is_never_emptied before truncate on audit_event
    for each statement execute function audit_event_guard();

create function audit_chain_guard() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
    if tg_op = 'UPDATE' and new.account_id = old.account_id and new.sequence >= old.sequence
       and new.recorded_at >= old.recorded_at
       and coalesce(new.pruned_through, 0) >= coalesce(old.pruned_through, 0) then
        return new;
    end if;
    raise exception 'an audit chain only grows' using errcode = 'integrity_constraint_violation';
end
$$;

create trigger audit_chain_only_grows before update or delete on audit_chain
    for each row execute function audit_chain_guard();
create trigger audit_chain_is_never_emptied before truncate on audit_chain
    for each statement execute function audit_chain_guard();

create function audit_checkpoint_guard() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
    if tg_op = 'UPDATE' then
        if to_jsonb(new) - 'exported_at' = to_jsonb(old) - 'exported_at' then
            return new;
        end if;
    elsif tg_op = 'DELETE' then
        if exists (
            select from audit_chain
            where account_id = old.account_id and pruned_through > old.sequence
        ) then
            return old;
        end if;
    end if;
    raise exception 'a checkpoint is never changed, and removed only when retention has passed it'
        using errcode = 'integrity_constraint_violation';
end
$$;

create trigger audit_checkpoint_is_never_changed before update or delete on audit_checkpoint
    for each row execute function audit_checkpoint_guard();
create trigger audit_checkpoint_is_never_emptied before truncate on audit_checkpoint
    for each statement execute function audit_checkpoint_guard();
