import { castPattern } from '../../definition.ts';

/**
 * Queries over PostgreSQL's catalogue (13 to 18), each with the rows of one list of `Contents`. They run with an empty
 * search_path, so that definitions come with full names. Members of extensions are left out: the extension brings
 * them, and pg_dump does not dump them.
 */
const castsAndParentheses = `'${castPattern}|[()\\s]'`;
const user = `n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`;

function notOfExtension(catalogue: string, oid: string): string {
  return `not exists (select from pg_catalog.pg_depend e where e.classid = 'pg_catalog.${catalogue}'::regclass and e.objid = ${oid} and e.deptype = 'e')`;
}

export const tablesQuery = `
  select n.nspname as schema, c.relname as name,
         case c.relkind when 'p' then 'partitioned' when 'f' then 'foreign' else 'table' end as kind,
         case when c.relforcerowsecurity and c.relrowsecurity then 'forced' when c.relrowsecurity then 'on' else 'off' end as row_security,
         case c.relkind when 'r' then pg_catalog.pg_total_relation_size(c.oid) else 0 end::float8 as bytes,
         coalesce((select pg_catalog.array_agg(pn.nspname || '.' || p.relname order by i.inhseqno)
                     from pg_catalog.pg_inherits i join pg_catalog.pg_class p on p.oid = i.inhparent
                     join pg_catalog.pg_namespace pn on pn.oid = p.relnamespace
                    where i.inhrelid = c.oid)::text[], '{}') as parents,
         coalesce((select pg_catalog.json_agg(pg_catalog.json_build_object(
                       'name', a.attname,
                       'type', pg_catalog.format_type(a.atttypid, a.atttypmod),
                       'notNull', a.attnotnull,
                       'expression', pg_catalog.pg_get_expr(d.adbin, d.adrelid),
                       'made', case when a.attidentity = 'a' then 'always' when a.attidentity = 'd' then 'by default'
                                    when a.attgenerated = 's' then 'stored' when a.attgenerated = 'v' then 'virtual' end,
                       'collation', case when a.attcollation <> t.typcollation then l.collname end) order by a.attnum)
                     from pg_catalog.pg_attribute a
                     join pg_catalog.pg_type t on t.oid = a.atttypid
                     left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
                     left join pg_catalog.pg_collation l on l.oid = a.attcollation
                    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped), '[]') as columns
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
   where c.relkind in ('r', 'p', 'f') and ${user} and ${notOfExtension('pg_class', 'c.oid')}
   order by 1, 2`;

/** Sequences of identity columns are among them. Their values are read one by one. */
export const sequencesQuery = `
  select n.nspname as schema, c.relname as name, s.seqincrement::text as increment
    from pg_catalog.pg_sequence s join pg_catalog.pg_class c on c.oid = s.seqrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
   where ${user} and ${notOfExtension('pg_class', 'c.oid')}
   order by 1, 2`;

/** Constraints of tables; those of partitions that the parent brings are left out. */
export const constraintsQuery = `
  select n.nspname as schema, c.relname as table, k.conname as name, k.convalidated as validated,
         case k.contype when 'p' then 'primary key' when 'u' then 'unique' when 'f' then 'foreign key' when 'c' then 'check'
                        when 'x' then 'exclusion' else 'trigger' end as type,
         pg_catalog.pg_get_constraintdef(k.oid) as definition
    from pg_catalog.pg_constraint k join pg_catalog.pg_class c on c.oid = k.conrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
   where k.contype in ('p', 'u', 'f', 'c', 'x', 't') and k.conparentid = 0 and ${user} and ${notOfExtension('pg_class', 'c.oid')}
   order by 1, 2, 3`;

/** What is needed to look for orphans: both tables, their columns in order, and the operators of the key. */
export const foreignKeysQuery = `
  select n.nspname as schema, c.relname as table, k.conname as name, k.convalidated as validated, c.relkind = 'r' as only_child,
         fn.nspname as parent_schema, f.relname as parent, f.relkind = 'r' as only_parent,
         (select pg_catalog.json_agg(pg_catalog.json_build_object('child', ca.attname, 'parent', pa.attname,
                     'operator', pg_catalog.format('operator(%I.%s)', o_n.nspname, o.oprname)) order by u.place)
            from unnest(k.conkey, k.confkey, k.conpfeqop) with ordinality u (child, parent, op, place)
            join pg_catalog.pg_attribute ca on ca.attrelid = k.conrelid and ca.attnum = u.child
            join pg_catalog.pg_attribute pa on pa.attrelid = k.confrelid and pa.attnum = u.parent
            join pg_catalog.pg_operator o on o.oid = u.op
            join pg_catalog.pg_namespace o_n on o_n.oid = o.oprnamespace) as columns
    from pg_catalog.pg_constraint k
    join pg_catalog.pg_class c on c.oid = k.conrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    join pg_catalog.pg_class f on f.oid = k.confrelid join pg_catalog.pg_namespace fn on fn.oid = f.relnamespace
   where k.contype = 'f' and k.conparentid = 0 and ${user} and ${notOfExtension('pg_class', 'c.oid')}
     and pg_catalog.pg_get_constraintdef(k.oid) !~ '(NOT ENFORCED|PERIOD )'
   order by 1, 2, 3`;

export const indexesQuery = `
  select n.nspname as schema, t.relname as table, c.relname as name, i.indisvalid as valid,
         pg_catalog.pg_get_indexdef(i.indexrelid) as definition
    from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid
    join pg_catalog.pg_class t on t.oid = i.indrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
   where t.relkind in ('r', 'p', 'm') and ${user} and ${notOfExtension('pg_class', 't.oid')}
   order by 1, 2, 3`;

export const triggersQuery = `
  select n.nspname as schema, c.relname as table, g.tgname as name, pg_catalog.pg_get_triggerdef(g.oid) as definition,
         case g.tgenabled when 'O' then 'origin' when 'D' then 'disabled' when 'R' then 'replica' else 'always' end as enabled
    from pg_catalog.pg_trigger g join pg_catalog.pg_class c on c.oid = g.tgrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
   where not g.tgisinternal and g.tgparentid = 0 and ${user} and ${notOfExtension('pg_class', 'c.oid')}
   order by 1, 2, 3`;

export const extensionsQuery = `
  select e.extname as name, e.extversion as version, n.nspname as schema
    from pg_catalog.pg_extension e join pg_catalog.pg_namespace n on n.oid = e.extnamespace
   order by 1`;

/**
 * PostgreSQL writes an expression with other casts and parentheses after a dump and restore than before it (a varchar
 * IN list is the known case), so neither counts in a digest. The same rule stands in `definition.ts`.
 */
const plain = `pg_catalog.regexp_replace(definition, ${castsAndParentheses}, '', 'g')`;

/** Everything with a definition that no other list holds. `part` is what a partial backup is told by. */
export const objectsQuery = `
  select kind, name, pg_catalog.md5(${plain}) as digest, schema, part from (
    select case c.relkind when 'm' then 'materialized view' else 'view' end as kind, n.nspname || '.' || c.relname as name,
           pg_catalog.pg_get_viewdef(c.oid) || coalesce(c.reloptions::text, '') || c.relispopulated as definition,
           n.nspname as schema, null as part
      from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('v', 'm') and ${user} and ${notOfExtension('pg_class', 'c.oid')}
    union all
    select case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end,
           n.nspname || '.' || p.proname || '(' || pg_catalog.pg_get_function_identity_arguments(p.oid) || ')',
           case when p.prokind = 'a' then 'aggregate' else pg_catalog.pg_get_functiondef(p.oid) end, n.nspname, null
      from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
     where ${user} and ${notOfExtension('pg_proc', 'p.oid')}
       -- A range type makes its own constructors.
       and not exists (select from pg_catalog.pg_depend i where i.classid = 'pg_catalog.pg_proc'::regclass and i.objid = p.oid and i.deptype = 'i')
    union all
    select case t.typtype when 'e' then 'enum' when 'd' then 'domain' when 'r' then 'range' else 'type' end,
           n.nspname || '.' || t.typname,
           case t.typtype
             when 'e' then (select pg_catalog.string_agg(v.enumlabel, E'\\n' order by v.enumsortorder) from pg_catalog.pg_enum v where v.enumtypid = t.oid)
             when 'd' then pg_catalog.format_type(t.typbasetype, t.typtypmod) || t.typnotnull || coalesce(t.typdefault, '')
                  || coalesce((select pg_catalog.string_agg(k.conname || pg_catalog.pg_get_constraintdef(k.oid), E'\\n' order by k.conname)
                                 from pg_catalog.pg_constraint k where k.contypid = t.oid and k.contype = 'c'), '')
             when 'c' then coalesce((select pg_catalog.string_agg(a.attname || ' ' || pg_catalog.format_type(a.atttypid, a.atttypmod), E'\\n' order by a.attnum)
                                       from pg_catalog.pg_attribute a where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped), '')
             when 'r' then (select pg_catalog.format_type(g.rngsubtype, null) from pg_catalog.pg_range g where g.rngtypid = t.oid)
             else 'base' end, n.nspname, null
      from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace
      left join pg_catalog.pg_class c on c.oid = t.typrelid
     where ${user} and ${notOfExtension('pg_type', 't.oid')} and (t.typtype in ('e', 'd', 'r') or c.relkind = 'c')
    union all
    select 'policy', n.nspname || '.' || c.relname || '.' || p.polname,
           p.polcmd::text || p.polpermissive::text
             || coalesce(pg_catalog.pg_get_expr(p.polqual, p.polrelid), '') || '/' || coalesce(pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid), '')
             || coalesce((select pg_catalog.string_agg(r.rolname, ',' order by r.rolname) from pg_catalog.pg_roles r where r.oid = any (p.polroles)), ''),
           n.nspname, n.nspname || '.' || c.relname
      from pg_catalog.pg_policy p join pg_catalog.pg_class c on c.oid = p.polrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where ${user}
    union all
    select 'rule', r.schemaname || '.' || r.tablename || '.' || r.rulename, r.definition, r.schemaname, r.schemaname || '.' || r.tablename
      from pg_catalog.pg_rules r where r.schemaname !~ '^pg_' and r.schemaname <> 'information_schema'
    union all
    select 'statistics', n.nspname || '.' || s.stxname, pg_catalog.pg_get_statisticsobjdef(s.oid), n.nspname, null
      from pg_catalog.pg_statistic_ext s join pg_catalog.pg_namespace n on n.oid = s.stxnamespace where ${user}
    union all
    select 'event trigger', v.evtname, v.evtevent::text || v.evtenabled::text || v.evtfoid::regproc::text || coalesce(v.evttags::text, ''), null, null
      from pg_catalog.pg_event_trigger v where ${notOfExtension('pg_event_trigger', 'v.oid')}
    union all
    select 'publication', b.pubname, b.puballtables::text || b.pubinsert || b.pubupdate || b.pubdelete || b.pubtruncate
             || coalesce((select pg_catalog.string_agg(pt.schemaname || '.' || pt.tablename, ',' order by 1) from pg_catalog.pg_publication_tables pt where pt.pubname = b.pubname), ''),
           null, null
      from pg_catalog.pg_publication b
    union all
    select 'schema', n.nspname, '', n.nspname, null from pg_catalog.pg_namespace n where ${user} and ${notOfExtension('pg_namespace', 'n.oid')}
    union all
    select 'comment', i.identity, d.description || i.type, i.schema, null
      from pg_catalog.pg_description d, lateral pg_catalog.pg_identify_object(d.classoid, d.objoid, d.objsubid) i
     where d.objoid >= 16384 and (i.schema is null or i.schema !~ '^(pg_|information_schema$)')
       and not exists (select from pg_catalog.pg_depend e where e.classid = d.classoid and e.objid = d.objoid and e.deptype = 'e')
       and d.classoid <> 'pg_catalog.pg_extension'::regclass
  ) o where definition is not null
  order by 1, 2, 3`;

export const grantsQuery = `
  select 'table ' || n.nspname || '.' || c.relname as on, pg_catalog.pg_get_userbyid(c.relowner) as owner, n.nspname as schema,
         n.nspname || '.' || c.relname as part,
         coalesce((select pg_catalog.array_agg(x::text order by x::text) from pg_catalog.unnest(coalesce(c.relacl, pg_catalog.acldefault(case c.relkind when 'S' then 's' else 'r' end::"char", c.relowner))) x), '{}')::text[]
           || coalesce((select pg_catalog.array_agg(a.attname || ': ' || x::text order by a.attname, x::text)
                          from pg_catalog.pg_attribute a, pg_catalog.unnest(a.attacl) x where a.attrelid = c.oid), '{}')::text[] as grants
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
   where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and ${user} and ${notOfExtension('pg_class', 'c.oid')}
  union all
  select 'function ' || n.nspname || '.' || p.proname || '(' || pg_catalog.pg_get_function_identity_arguments(p.oid) || ')',
         pg_catalog.pg_get_userbyid(p.proowner), n.nspname, null,
         coalesce((select pg_catalog.array_agg(x::text order by x::text) from pg_catalog.unnest(coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))) x), '{}')::text[]
    from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
   where ${user} and ${notOfExtension('pg_proc', 'p.oid')}
     and not exists (select from pg_catalog.pg_depend i where i.classid = 'pg_catalog.pg_proc'::regclass and i.objid = p.oid and i.deptype = 'i')
  union all
  select 'schema ' || n.nspname, pg_catalog.pg_get_userbyid(n.nspowner), n.nspname, null,
         coalesce((select pg_catalog.array_agg(x::text order by x::text) from pg_catalog.unnest(coalesce(n.nspacl, pg_catalog.acldefault('n', n.nspowner))) x), '{}')::text[]
    from pg_catalog.pg_namespace n where ${user} and ${notOfExtension('pg_namespace', 'n.oid')}
  union all
  select 'default ' || coalesce(n.nspname, '*') || ' ' || d.defaclobjtype::text, pg_catalog.pg_get_userbyid(d.defaclrole), n.nspname, null,
         coalesce((select pg_catalog.array_agg(x::text order by x::text) from pg_catalog.unnest(d.defaclacl) x), '{}')::text[]
    from pg_catalog.pg_default_acl d left join pg_catalog.pg_namespace n on n.oid = d.defaclnamespace
  order by 1, 2`;

/** Roles that the database leans on. */
export const rolesQuery = `
  select distinct r.rolname as name
    from pg_catalog.pg_shdepend d join pg_catalog.pg_roles r on r.oid = d.refobjid
   where d.refclassid = 'pg_catalog.pg_authid'::regclass
     and d.dbid = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())
   order by 1`;
