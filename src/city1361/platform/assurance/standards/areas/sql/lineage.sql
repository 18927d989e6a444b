-- The governing tree on a day, flat: one row per area that stands in it. Set-based: five joins, whatever the city's size.
create or replace function city1361_area_lineage_on(on_day date)
returns table (area_id uuid, level varchar, city_id uuid, district_id uuid, town_id uuid, village_id uuid, grid_id uuid,
               code varchar, path_names text)
language sql stable
set search_path = pg_catalog, public, pg_temp
-- Right after a load there are no statistics yet, and only the owner may gather them: never go row by row.
set enable_nestloop = off
as $$
with placed as (
    select p.area_id, p.parent_id
    from platform_areas_areaplacement p
    where p.tree = 'governing' and p.valid_from <= on_day and (p.valid_to is null or p.valid_to > on_day)
),
named as (
    select a.id, a.level, a.short_name, p.parent_id
    from platform_areas_area a left join placed p on p.area_id = a.id
    where a.level = 'city' or p.parent_id is not null
),
city as (select id, short_name from named where level = 'city'),
district as (
    select n.id, c.id as city_id, n.short_name, c.short_name || '/' || n.short_name as path
    from named n join city c on c.id = n.parent_id where n.level = 'district'
),
town as (
    select n.id, d.city_id, d.id as district_id, d.path || '/' || n.short_name as path
    from named n join district d on d.id = n.parent_id where n.level = 'town'
),
village as (
    select n.id, t.city_id, t.district_id, t.id as town_id, t.path || '/' || n.short_name as path
    from named n join town t on t.id = n.parent_id where n.level = 'village'
),
grid as (
    select n.id, v.city_id, v.district_id, v.town_id, v.id as village_id, v.path || '/' || n.short_name as path
    from named n join village v on v.id = n.parent_id where n.level = 'grid'
),
flat as (
    select id, 'city' as level, id as city_id, null::uuid as district_id, null::uuid as town_id,
           null::uuid as village_id, null::uuid as grid_id, short_name as path from city
    union all select id, 'district', city_id, id, null, null, null, path from district
    union all select id, 'town', city_id, district_id, id, null, null, path from town
    union all select id, 'village', city_id, district_id, town_id, id, null, path from village
    union all select id, 'grid', city_id, district_id, town_id, village_id, id, path from grid
),
coded as (
    select distinct on (area_id) area_id, code
    from platform_areas_areacode
    where valid_from <= on_day and (valid_to is null or valid_to > on_day)
    order by area_id, valid_from desc
)
select f.id, f.level::varchar, f.city_id, f.district_id, f.town_id, f.village_id, f.grid_id,
       coalesce(k.code, '')::varchar, f.path
from flat f left join coded k on k.area_id = f.id
$$;

-- Make the flat table say what holds on a day. Returns how many rows were written or removed: 0 when it was right.
create or replace function city1361_rebuild_area_lineage(on_day date) returns integer
language sql
set search_path = pg_catalog, public, pg_temp
set enable_nestloop = off
as $$
with today as materialized (select * from city1361_area_lineage_on(on_day)),
gone as (
    delete from platform_areas_arealineage l
    where not exists (select 1 from today d where d.area_id = l.area_id)
    returning 1
),
written as (
    insert into platform_areas_arealineage as l
        (area_id, level, city_id, district_id, town_id, village_id, grid_id, code, path_names)
    select area_id, level, city_id, district_id, town_id, village_id, grid_id, code, path_names from today
    on conflict (area_id) do update set
        level = excluded.level, city_id = excluded.city_id, district_id = excluded.district_id,
        town_id = excluded.town_id, village_id = excluded.village_id, grid_id = excluded.grid_id,
        code = excluded.code, path_names = excluded.path_names
    where (l.level, l.city_id, l.district_id, l.town_id, l.village_id, l.grid_id, l.code, l.path_names)
        is distinct from (excluded.level, excluded.city_id, excluded.district_id, excluded.town_id,
                          excluded.village_id, excluded.grid_id, excluded.code, excluded.path_names)
    returning 1
)
select ((select count(*) from gone) + (select count(*) from written))::integer
$$;
