/** Upper bounds in seconds, as OpenTelemetry advises for HTTP servers. */
export const requestSeconds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30, 60]

/** Upper bounds in seconds, as OpenTelemetry's conventions for generative AI advise for calls of providers. */
export const callSeconds = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92]

/** From a cached answer to a job that waited for half a day. */
export const jobSeconds = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600, 14_400, 43_200]

/** What travelled together in one write. */
export const itemsOfOneWrite = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_000]
