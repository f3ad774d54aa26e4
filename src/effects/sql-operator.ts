import { listOf, objectName, type SqlNode } from './sql-name.ts';

/**
 * Operators of PostgreSQL 9.6 to 18 (pg_operator), and of the extensions that most databases have: pg_trgm, hstore,
 * ltree, cube, intarray, PostGIS and pgvector. Any other one is somebody's own, and calls whatever function they gave it.
 */
const known = new Set(
  `< <= <> != = > >= <=> + - * / % ^ |/ ||/ @ & | # ~ << >> || ~~ !~~ ~~* !~~* ~* !~ !~* ~<~ ~<=~ ~>=~ ~>~ && &< &>
  &<| |&> |>> <<| @> <@ ~= ?# ?- ?| ?|| ?-| @-@ @@ @@@ ## <-> <^ >^ <? -> ->> #> #>> #- ? ?& @? -|- <<= >>= ^@ !! !
  *< *<= *<> *= *> *>= ~~~ |=| &&& <#> <+> <~> <%> <<->> <<#>> <% %> <<% %>> <<-> <->> <<<-> <->>> => #= %% %# ~> ?@> ?<@
  ?~ ?@ ^@> ^<@ ^~ ^? ^@ ~@ #< #<= #> #>=`
    .split(/\s+/)
    .filter(Boolean),
);

/** The operator of an expression that nobody knows, as written; undefined where it is a known one, or none. */
export function strangeOperator(node: SqlNode): string | undefined {
  for (const written of [node.name, node.operName, node.useOp]) {
    const names = listOf(written).map(objectName);
    const operator = names.at(-1) ?? '';
    if (/^[-+*/<>=~!@#%^&|`?]+$/.test(operator) && !known.has(operator)) return names.join('.');
  }
  return undefined;
}
