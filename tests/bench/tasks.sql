-- A year of tasks over every unit, from numbers alone: the same ones in every run. Parameters are psycopg's.
with given as (
    select %(offices)s::bigint[] as offices, %(communes)s::bigint[] as communes, %(schools)s::bigint[] as schools,
        %(directives)s::bigint[] as directives, %(texts)s::text[] as texts, %(folded)s::text[] as folded,
        %(today)s::date as today
), numbered as (
    select i, (i * 7919) %% 1000 as share, (i * 2654435761) %% 100 as luck, (i * 31) %% 100 as sort,
        today + ((i * 40503) %% 450)::int - 330 as day
    from given, generate_series(1, %(total)s::bigint) i
), placed as (
    select numbered.*, case
        when i <= %(own)s then %(school)s
        when i <= 2 * %(own)s then %(commune)s
        when share < 30 then offices[1 + i %% cardinality(offices)]
        when share < 150 then communes[1 + i %% cardinality(communes)]
        else schools[1 + i %% cardinality(schools)] end as unit_id,
        case when sort < 90 then 'date' when sort < 94 then 'ongoing' when sort < 97 then 'event' else 'none' end as kind
    from numbered, given
), stood as (
    select placed.*, case when kind = 'date' then day end as due_on, case
        when luck = 99 then 'cancelled'
        when luck >= 97 then 'paused'
        when luck < case when day < today then 85 else 20 end then 'accepted'
        when luck %% 5 = 0 then 'submitted'
        when luck %% 5 = 1 then 'assigned'
        when luck %% 11 = 0 then 'returned'
        else 'in_progress' end as state
    from placed, given
)
insert into directives_assignment (
    public_id, directive_id, section, "group", text, text_fold, legal_basis, unit_id, responsibility, product,
    authority, assigned_by_unit_id, assigned_by_id, assigned_on, deadline_kind, deadline_words, deadline_event,
    event_document, period, due_on, first_due_on, state, progress, started_on, completed_on, last_activity_at)
select gen_random_uuid(), directives[1 + i %% cardinality(directives)], 'II.' || 1 + i %% 9,
    'Nhóm nhiệm vụ ' || 1 + i %% 9, texts[1 + i %% cardinality(texts)], folded[1 + i %% cardinality(folded)], '',
    s.unit_id, '', 'Báo cáo kết quả', '',
    case when u.kind = 'school' then u.parent_id else %(department)s end,
    %(giver)s, least(day, today) - 60, s.kind, '',
    case when s.kind = 'event' then 'Sau khi được phê duyệt' else '' end, '',
    case when s.kind = 'ongoing' then 'quarter' else '' end,
    due_on, due_on, state, case when state = 'accepted' then 100 else 40 end, least(day, today) - 50,
    case when state = 'accepted' then least(day - 6 + luck::int %% 9, today) end,
    today::timestamptz - (i %% 9000) * interval '1 hour'
from stood s cross join given join organization_unit u on u.id = s.unit_id;

insert into directives_assignmentcoordinator (assignment_id, unit_id, lead_unit_id, assigned_by_unit_id)
select a.id, offices[1 + a.id %% cardinality(offices)], a.unit_id, a.assigned_by_unit_id
from directives_assignment a, (select %(offices)s::bigint[] as offices) given
where a.id %% 5 = 0 and a.unit_id <> all(offices);

insert into directives_directiverecipient (directive_id, unit_id)
select distinct directive_id, unit_id from directives_assignment where unit_id <> %(department)s;

insert into directives_worklog (assignment_id, verb, detail, by_id, by_unit_id, at)
select id, 'assign', '', assigned_by_id, assigned_by_unit_id, last_activity_at from directives_assignment;
