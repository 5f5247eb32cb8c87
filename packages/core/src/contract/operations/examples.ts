/** Values that several operations show. */
export const exampleIds = {
  job: "job_01993f0ac1d27c4e8b60a1b2c3d4e5f6",
  batch: "batch_01993f0a9c417b2d8e51c2d3e4f5a607",
  jobEvent: "1-3--1-1x2y3z-0-1-24-9k2m1a",
  event: "evt_01993f0d52b87d1c9a40b1c2d3e4f506",
  webhookEndpoint: "whe_01993f0b7e5a7b3d8c10d2e3f4a5b607",
  replay: "rpl_01993f0e1f2a7c6b9d30e4f5a6b7c809",
  apiKey: "key_01993f10aa1b7c2d8e3f405162738495",
  audit: "aud_01993f0f6a7b7e8c8f20f5a6b7c8d90a",
  deadLetter: "dl_01993f0ac1d27c4e8b60a1b2c3d4e5f6",
  cursor: "am9iXzAxOTkzZjBhYzFkMjdjNGU4YjYwYTFiMmMzZDRlNWY2",
  request: "req_5f0c6f0e-8f0a-4f5e-9d57-0b8f3f1f7a51",
} as const

export const exampleTimes = {
  submitted: "2026-11-20T18:00:00.000Z",
  started: "2026-11-20T18:00:00.420Z",
  finished: "2026-11-20T18:00:02.130Z",
  /** A day after the submission. */
  expires: "2026-11-21T18:00:00.000Z",
  /** Three months after. */
  purged: "2027-02-18T18:00:02.130Z",
} as const
