import { Redis } from "ioredis"

export interface AdmissionCount {
  readonly admits: number
  readonly settles: number
}

/** Counts the questions that workers ask of admission, by watching Redis. Costs Redis some time for each of its commands. */
export async function countAdmissions(redisUrl: string, namespace: string): Promise<{ stop(): AdmissionCount }> {
  const client = new Redis(redisUrl)
  const monitor = await client.monitor()
  let admits = 0
  let settles = 0
  monitor.on("monitor", (_time: string, [command = "", , , prefix = "", request = ""]: readonly string[]) => {
    if (!command.toLowerCase().startsWith("eval") || prefix !== `{${namespace}:adm}:`) return
    if (request.includes('"maxWaitMs"')) admits += 1
    else if (request.includes('"outcome"')) settles += 1
  })
  return {
    stop() {
      monitor.disconnect()
      client.disconnect()
      return { admits, settles }
    },
  }
}
