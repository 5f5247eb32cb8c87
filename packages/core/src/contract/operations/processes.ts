import { z } from "zod"
import { type LogLevelResource, logLevelResource, setLogLevelRequest } from "../log-level.ts"
import {
  createProfileRequest,
  type ProcessResource,
  type ProfileResource,
  processId,
  processResource,
  profileResource,
} from "../process-resource.ts"
import { pageOf } from "../queries.ts"
import { exampleTimes } from "./examples.ts"
import { json, type Operation } from "./operation.ts"

const tag = "operate"

const worker: ProcessResource = {
  id: "worker-7f9c-31-a1b2c3d4",
  object: "process",
  kind: "worker",
  host: "worker-7f9c",
  pid: 31,
  startedAt: exampleTimes.submitted,
  logLevel: "debug",
  configuredLogLevel: "info",
}
const configured: LogLevelResource = { object: "log_level", override: null }
const loud: LogLevelResource = {
  object: "log_level",
  override: { level: "debug", of: "worker", until: exampleTimes.finished, by: "admin" },
}
const profile: ProfileResource = {
  object: "profile",
  processId: worker.id,
  kind: "cpu",
  file: "/var/lib/sluice/profiles/worker-7f9c-31-a1b2c3d4-2026-11-20T18-00-02.130Z.cpuprofile",
  bytes: 184_320,
}

/** What can be done with processes while they run. */
export const processOperations: Operation[] = [
  {
    id: "listProcesses",
    method: "get",
    path: "/v1/processes",
    tag,
    summary: "List the processes that run",
    description: "API processes and workers, with what they log.",
    scope: "operate:read",
    isRevalidated: true,
    answers: {
      200: { description: "All of them.", content: json(pageOf(processResource), { all: { data: [worker], nextCursor: null } }) },
    },
  },
  {
    id: "createProfile",
    method: "post",
    path: "/v1/processes/{id}/profiles",
    tag,
    summary: "Look into a process",
    description:
      "Has it write a CPU profile or a heap snapshot into the folder of its `SLUICE_PROFILE_DIR`, readable by its owner alone, and answers when that is done. One at a time. A heap snapshot holds prompts, answers and keys that were in memory, and the process stands still while it is made.",
    scope: "operate:write",
    pathParameters: z.strictObject({ id: processId }),
    body: { content: json(createProfileRequest, { cpu: { kind: "cpu", durationMs: 5_000 }, heap: { kind: "heap" } }) },
    answers: { 200: { description: "It is written.", content: json(profileResource, { cpu: profile }) } },
    problems: ["conflict"],
  },
  {
    id: "getLogLevel",
    method: "get",
    path: "/v1/log-level",
    tag,
    summary: "See what is logged",
    scope: "operate:read",
    isRevalidated: true,
    answers: { 200: { description: "What an operator has asked for.", content: json(logLevelResource, { configured, loud }) } },
  },
  {
    id: "setLogLevel",
    method: "put",
    path: "/v1/log-level",
    tag,
    summary: "Log more or less for a while",
    description: "Every process heeds it within two seconds, those too that start later, and comes back to its own level by itself.",
    scope: "operate:write",
    body: { content: json(setLogLevelRequest, { loud: { level: "debug", of: "worker", forMs: 600_000 } }) },
    answers: { 200: { description: "What is logged now.", content: json(logLevelResource, { loud }) } },
  },
  {
    id: "resetLogLevel",
    method: "delete",
    path: "/v1/log-level",
    tag,
    summary: "Log what is configured",
    scope: "operate:write",
    answers: { 200: { description: "What is logged now.", content: json(logLevelResource, { configured }) } },
  },
]
