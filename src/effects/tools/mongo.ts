import type { Call } from '../call.ts';
import { connectionString } from '../database.ts';
import type { Word } from '../word.ts';
import { changes, destroys, reads, type Tool } from './tool.ts';

const connecting =
  '--uri --host -h --port --username -u --password -p --authenticationDatabase --db -d --collection -c --out -o --file --query -q --type --fields -f --nsInclude --nsExclude --nsFrom --nsTo -j --numParallelCollections --numInsertionWorkersPerCollection --eval';

/** MongoDB's shell and tools. */
export const mongo: readonly Tool[] = [
  { names: 'mongosh mongo', valued: `${connecting}`, read: shell },
  {
    names: 'mongodump',
    valued: connecting,
    read: (call) => {
      connect(call);
      const archive = call.options.value('--archive');
      if (archive) return call.reader.writes(archive);
      if (call.options.has('--archive') || call.options.value('--out', '-o')?.text === '-')
        return call.reader.add('reads', 'dumps to standard output', call.span);
      return call.reader.add(
        'changes',
        `writes a dump to ${call.options.value('--out', '-o')?.text ?? './dump'}`,
        call.span,
      );
    },
  },
  {
    names: 'mongorestore',
    valued: connecting,
    rules: [
      reads('', { has: '--dryRun' }),
      destroys('', { has: '--drop', why: 'drops collections before it restores them' }),
      changes('', { why: 'restores {all}' }),
    ],
  },
  {
    names: 'mongoexport',
    valued: connecting,
    read: (call) => {
      const file = call.options.value('--out', '-o');
      call.reader.add('reads', 'exports documents', call.span);
      if (file) call.reader.writes(file);
    },
  },
  {
    names: 'mongoimport',
    valued: connecting,
    rules: [destroys('', { has: '--drop', why: 'drops the collection before it imports' }), changes()],
  },
  { names: 'mongostat mongotop', rules: [reads('', { longRunning: true })] },
  { names: 'bsondump', rules: [reads()] },
  {
    names: 'mongod mongos',
    rules: [
      destroys('', { has: '--repair', why: 'repairs the data files, dropping what is broken' }),
      changes('', { longRunning: true }),
    ],
  },
];

const destroying =
  /\b(dropDatabase|drop|dropIndex|dropIndexes|dropUser|dropRole|deleteMany|deleteOne|remove|findOneAndDelete|findAndModify|shutdownServer|killOp|bulkWrite|renameCollection|stepDown|reconfig)\s*\(|["']?\$out\b|\b(dropDatabase|drop|shutdown|killOp|replSetStepDown)["']?\s*:/;
const changing =
  /\b(insertOne|insertMany|insert|update|updateOne|updateMany|replaceOne|save|createIndex|createIndexes|createCollection|createUser|updateUser|createRole|grantRolesToUser|findOneAndUpdate|findOneAndReplace|setProfilingLevel|fsyncLock|fsyncUnlock|initiate|add|resync)\s*\(|["']?\$merge\b/;
/** What an UPDATE without a WHERE is to SQL. */
const everyDocument = /\.(updateMany|update)\s*\(\s*\{\s*\}\s*,/;
const showing = new Set(
  'find findOne count countDocuments estimatedDocumentCount distinct aggregate explain stats serverStatus hostInfo getCollectionNames getCollectionInfos getCollection getSiblingDB getName getUsers getUser getRoles getIndexes indexes listDatabases currentOp status conf isMaster hello version print printjson pretty sort limit skip toArray forEach map filter join length hasNext next size itcount slice projection hint serverBuildInfo replicationInfo printReplicationInfo printSecondaryReplicationInfo validate dataSize storageSize totalIndexSize totalSize getMongo getDB adminCommand runCommand stringify keys entries ISODate ObjectId Date quit exit isCapped latencyStats buildInfo getProfilingStatus connectionStatus setReadPref readPref secondaryOk setSecondaryOk if for while function push concat toString'.split(
    ' ',
  ),
);

function shell(call: Call): undefined {
  const { options, operands, reader, span, stdin } = call;
  if (options.has('--version', '--help')) return reader.add('reads', 'shows its help or version', span);
  connect(call);
  const scripts: Word[] = options.values('--eval');
  if (scripts.length === 0 && stdin?.kind === 'text') scripts.push(stdin.text);
  for (const script of scripts) readScript(call, script);
  const files = operands.filter((word) => /\.(js|mongodb)$/.test(word.text));
  for (const file of files)
    reader.add('unknown', `runs ${file.text}, which was not read`, span, { kind: 'path', name: file.text });
  if (scripts.length > 0 || files.length > 0) return;
  if (stdin === undefined) reader.mark({ interactive: true });
  return reader.add(
    'unknown',
    stdin ? 'runs JavaScript that was not read' : 'opens a session: what is typed there is not known',
    span,
  );
}

/** JavaScript by its calls: one that destroys is enough; one that nobody knows makes it unknown. */
function readScript(call: Call, script: Word): undefined {
  const { reader } = call;
  const text = script.text;
  const worst = destroying.exec(text);
  if (worst)
    return reader.add('destroys', `MongoDB: ${worst[0].replace(/[\s("':]/g, '')} in ${text}`, script);
  if (everyDocument.test(text))
    return reader.add('destroys', `MongoDB: changes every document: ${text}`, script);
  const change = changing.exec(text);
  if (change) return reader.add('changes', `MongoDB: ${text}`, script);
  const stranger = [...text.matchAll(/(\w+)\s*\(/g)].find(([, name]) => !showing.has(name!));
  // runCommand and adminCommand do what their first key says.
  const command = [...text.matchAll(/(?:runCommand|adminCommand)\s*\(\s*(?:\{\s*)?["']?(\w+)/g)].find(
    ([, name]) =>
      !/^(ping|serverStatus|dbStats|collStats|listDatabases|listCollections|listIndexes|currentOp|replSetGetStatus|replSetGetConfig|hello|isMaster|buildInfo|hostInfo|getParameter|getLog|connectionStatus|count|distinct|find|aggregate|explain|validate|top|usersInfo)$/.test(
        name!,
      ),
  );
  const dynamic = /\[\s*[^\]\d\s]|\beval\b|\bload\s*\(/.test(text.replace(/\(\s*\[[\s\S]*\]\s*\)/g, ''));
  if (stranger || command || dynamic || !script.known)
    return reader.add(
      'unknown',
      `MongoDB: what ${(command ?? stranger)?.[1] ?? 'it'} does is not known`,
      script,
    );
  return reader.add('reads', `MongoDB: ${text}`, script);
}

function connect(call: Call): undefined {
  const url =
    call.options.value('--uri')?.text ??
    call.operands.find((word) => /^mongodb(\+srv)?:|^\$/.test(word.text))?.text;
  const host = call.options.value('--host')?.text;
  const database = call.options.value('--db', '-d')?.text;
  const parsed = url ? connectionString(url) : {};
  call.reader.connect(
    { tool: call.name, ...parsed, ...(host && { host }), ...(database && { database }) },
    call.span,
  );
}
