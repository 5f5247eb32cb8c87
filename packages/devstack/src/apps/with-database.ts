/** The same MongoDB, another database: `mongodb://host:27017/a?w=1` and `b` give `mongodb://host:27017/b?w=1`. */
export function withDatabase(url: string, database: string): string {
  return url.replace(/^(mongodb(?:\+srv)?:\/\/[^/?]+)(?:\/[^?]*)?/, `$1/${database}`)
}
