import { z } from "zod"
import { providerOptions } from "./chat.ts"

export const imageInput = z
  .strictObject({
    prompt: z.string().min(1).max(32_000),
    size: z
      .string()
      .regex(/^[1-9]\d{0,4}x[1-9]\d{0,4}$/, "Expected WIDTHxHEIGHT in pixels, such as 1024x1024")
      .optional()
      .describe("Width and height in pixels, e.g. `1024x1024`. Default: the provider's."),
    count: z.int().positive().max(10).optional().describe("How many images. Default: the provider's, mostly 1."),
    providerOptions: providerOptions.optional(),
  })
  .meta({ id: "ImageInput" })
export type ImageInput = z.infer<typeof imageInput>

export const imageOutput = z
  .strictObject({
    images: z.array(
      z.strictObject({
        url: z.string().describe("A path on this API: the bytes are stored with the job, since providers' own links expire."),
        contentType: z.string(),
        width: z.int().positive().nullable(),
        height: z.int().positive().nullable(),
      }),
    ),
  })
  .meta({ id: "ImageOutput" })
export type ImageOutput = z.infer<typeof imageOutput>
