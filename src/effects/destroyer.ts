/** Words that destroy wherever they stand. Only for text that cannot be parsed: there, one of them is enough. */
const destroyers =
  /(?<![\w-])(rm|rmdir|unlink|shred|dropdb|dropuser|mkfs(?:\.\w+)?|wipefs|dd|truncate|drop|delete|flushall|flushdb|dropDatabase|deleteMany|deleteOne|remove|destroy|purge|prune|uninstall|pg_terminate_backend|kill|killall|pkill|terminate-instances)(?![\w-])|--(?:clean|delete|force|hard|purge)(?![\w-])|-delete(?![\w-])/i;

/** The first destroying word of a text. */
export function destroyerIn(text: string): string | undefined {
  return destroyers.exec(text)?.[0];
}
