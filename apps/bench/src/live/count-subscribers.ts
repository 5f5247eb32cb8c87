import { Redis } from "ioredis"

/** The connections to Redis that the processes of an installation have subscribed over. */
export async function countSubscribers(redisUrl: string, namespace: string): Promise<number> {
  const client = new Redis(redisUrl)
  try {
    const list = String(await client.client("LIST"))
    return list.split("\n").filter((line) => line.includes(`name=${namespace}:subscriber `) && !line.includes(" sub=0 ")).length
  } finally {
    client.disconnect()
  }
}
