const defaultPort = "6379"

/**
 * `host:port` of a Redis URL, for messages: unlike the URL it never holds a password.
 * Throws a TypeError for anything but `redis://` and `rediss://`.
 */
export function redisAddress(url: string): string {
  const parsed = URL.parse(url)
  if (parsed === null || (parsed.protocol !== "redis:" && parsed.protocol !== "rediss:")) {
    throw new TypeError("The Redis URL is not valid: it must look like redis://[user:password@]host:6379[/db], or rediss:// for TLS.")
  }
  return `${parsed.hostname}:${parsed.port || defaultPort}`
}
