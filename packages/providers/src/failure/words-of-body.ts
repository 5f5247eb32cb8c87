/**
 * What a body that is not the wire's JSON has to say: the title of an HTML page, as proxies and load balancers send them,
 * else its text. Empty when there is nothing to read.
 */
export function wordsOfBody(text: string): string {
  const beginning = text.slice(0, 20_000)
  if (!/^\s*(?:<!doctype|<html|<head|<\?xml)/i.test(beginning)) return beginning
  const title = /<title[^>]*>([^<]*)/i.exec(beginning)?.[1]?.trim() ?? ""
  return title === "" ? "an HTML page without a title" : `an HTML page titled "${title}"`
}
