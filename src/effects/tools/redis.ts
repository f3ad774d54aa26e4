import type { Call } from '../call.ts';
import type { EffectClass } from '../effect.ts';
import { changes, destroys, reads, type Tool } from './tool.ts';

const commands: ReadonlyMap<string, EffectClass> = new Map(
  (
    [
      [
        'reads',
        'get mget getrange strlen exists ttl pttl type keys scan dbsize info ping echo time hget hgetall hmget hkeys hvals hlen hexists hscan lrange llen lindex smembers scard sismember smismember srandmember sscan sinter sunion sdiff zrange zrevrange zrangebyscore zrevrangebyscore zrangebylex zcard zscore zmscore zrank zrevrank zcount zscan getbit bitcount bitpos object memory xrange xrevrange xlen xinfo xread xpending pfcount geopos geodist geohash georadius geosearch randomkey dump lastsave role slowlog latency command lolwut expiretime pexpiretime json.get json.mget ft.search ft.info touch select auth hello wait readonly',
      ],
      [
        'destroys',
        'flushall flushdb del unlink swapdb rename migrate restore xtrim ltrim shutdown hdel srem zrem lrem zremrangebyscore zremrangebyrank xdel getdel spop zpopmin zpopmax replicaof slaveof failover json.del',
      ],
      [
        'changes',
        'set setex setnx psetex mset msetnx append incr decr incrby decrby incrbyfloat setrange getset getex hset hmset hsetnx hincrby hincrbyfloat lpush rpush lpop rpop lset linsert lmove rpoplpush blpop brpop sadd smove sinterstore sunionstore zadd zincrby zunionstore zinterstore expire pexpire expireat pexpireat persist renamenx copy move setbit bitop xadd xack xclaim xgroup pfadd pfmerge geoadd publish bgsave save bgrewriteaof json.set sort multi exec discard watch unwatch',
      ],
    ] as const
  ).flatMap(([effect, names]) => names.split(' ').map((name) => [name, effect] as const)),
);

/** Commands whose second word decides. */
const pairs: ReadonlyMap<string, EffectClass> = new Map([
  ['config get', 'reads'],
  ['config set', 'changes'],
  ['config rewrite', 'changes'],
  ['config resetstat', 'changes'],
  ['client list', 'reads'],
  ['client info', 'reads'],
  ['client getname', 'reads'],
  ['client id', 'reads'],
  ['client kill', 'destroys'],
  ['client pause', 'changes'],
  ['client unpause', 'changes'],
  ['cluster info', 'reads'],
  ['cluster nodes', 'reads'],
  ['cluster slots', 'reads'],
  ['cluster shards', 'reads'],
  ['cluster reset', 'destroys'],
  ['cluster flushslots', 'destroys'],
  ['cluster forget', 'destroys'],
  ['cluster failover', 'destroys'],
  ['cluster meet', 'changes'],
  ['script flush', 'destroys'],
  ['script exists', 'reads'],
  ['script load', 'changes'],
  ['function flush', 'destroys'],
  ['function list', 'reads'],
  ['acl list', 'reads'],
  ['acl whoami', 'reads'],
  ['acl getuser', 'reads'],
  ['acl setuser', 'changes'],
  ['acl deluser', 'destroys'],
  ['slowlog reset', 'changes'],
  ['latency reset', 'changes'],
  ['xgroup destroy', 'destroys'],
  ['memory purge', 'changes'],
  ['sentinel masters', 'reads'],
  ['sentinel failover', 'destroys'],
  ['pubsub channels', 'reads'],
]);

/** redis-cli and its kin. */
export const redis: readonly Tool[] = [
  {
    names: 'redis-cli valkey-cli keydb-cli',
    valued:
      '-h -p -s -a -u -r -i -n -d --user --pass --rdb --pattern --cacert --cert --key --eval --functions-rdb --sni -t',
    stopAtOperand: true,
    read: client,
  },
  {
    names: 'redis-server valkey-server',
    rules: [reads('', { has: '--version -v' }), changes('', { longRunning: true })],
  },
  { names: 'redis-benchmark', rules: [changes()] },
  {
    names: 'redis-check-aof redis-check-rdb',
    rules: [
      destroys('', { has: '--fix', why: 'cuts {0} where it is broken', hits: ['path', '{0}'] }),
      reads(),
    ],
  },
  { names: 'memcached-tool memcstat', rules: [reads()] },
];

function client(call: Call): undefined {
  const { options, operands, reader, span, stdin } = call;
  const host = options.value('-h')?.text;
  const number = options.value('-n')?.text;
  const port = options.value('-p')?.text;
  reader.connect(
    { tool: 'redis-cli', ...(host && { host }), ...(port && { port }), ...(number && { database: number }) },
    span,
  );
  if (options.has('--version', '-v', '--help')) return reader.add('reads', 'shows its help or version', span);
  if (options.has('--rdb')) return reader.writes(options.value('--rdb')!);
  if (options.has('--scan', '--bigkeys', '--memkeys', '--hotkeys'))
    return reader.add('reads', 'looks through the keys', span);
  if (options.has('--stat', '--latency', '--latency-history')) {
    reader.mark({ longRunning: true });
    return reader.add('reads', 'watches the server', span);
  }
  if (options.has('--pipe', '--eval', '--cluster', '--ldb'))
    return reader.add('unknown', 'runs commands or scripts that were not read', span);
  if (operands.length > 0) {
    if (options.has('-x', '-X')) reader.add('reads', 'takes its last argument from its input', span);
    return one(
      call,
      operands.map((word) => word.text),
      operands[0]!.known,
    );
  }
  if (stdin?.kind === 'text') {
    for (const line of stdin.text.text.split('\n'))
      if (line.trim()) one(call, line.trim().split(/\s+/), true);
    return;
  }
  if (stdin === undefined) reader.mark({ interactive: true });
  return reader.add(
    'unknown',
    stdin ? 'runs commands that were not read' : 'opens a session: what is typed there is not known',
    span,
  );
}

function one(call: Call, words: readonly string[], known: boolean): undefined {
  const name = (words[0] ?? '').toLowerCase();
  const pair = `${name} ${(words[1] ?? '').toLowerCase()}`;
  if (name === 'monitor' || name === 'subscribe' || name === 'psubscribe') {
    call.reader.mark({ longRunning: true });
    return call.reader.add('reads', words.join(' '), call.span);
  }
  // What expires now is gone.
  const expired = /^p?expire(at)?$/.test(name) && /^(0|-\d+)$/.test(words[2] ?? '');
  const effect = expired ? 'destroys' : (pairs.get(pair) ?? commands.get(name));
  const line =
    /^(auth|hello)$/.test(name) || pair === 'config set'
      ? `${name.toUpperCase()} ${words[1] && pair === 'config set' ? `${words[1]} ${words[2] ?? ''}` : ''}`.trim()
      : words.join(' ');
  if (!effect || !known) return call.reader.add('unknown', `nobody has said what ${line} does`, call.span);
  return call.reader.add(effect, line, call.span, words[1] ? { kind: 'other', name: words[1] } : undefined);
}
