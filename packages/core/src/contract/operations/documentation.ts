import { z } from "zod"
import { configurationSchemaPath } from "../../configuration/configuration-schema-path.ts"
import { problemCodes, problemPage, problems } from "../problem.ts"
import { jsonObject } from "../scalars.ts"
import { json, type Operation } from "./operation.ts"

const tag = "documentation"

const getDocument: Operation = {
  id: "getOpenapi",
  method: "get",
  path: "/openapi.json",
  tag,
  summary: "This description, for programs",
  description: "OpenAPI 3.1. Generators make clients of it.",
  scope: null,
  isRevalidated: true,
  answers: { 200: { description: "The document.", content: json(jsonObject, { beginning: { openapi: "3.1.1" } }) } },
  problems: ["validation_failed"],
}

const getDocs: Operation = {
  id: "getDocs",
  method: "get",
  path: "/docs",
  tag,
  summary: "This description, for people",
  description: "It asks no other host for anything.",
  scope: null,
  answers: { 200: { description: "The page.", content: { "text/html": { schema: z.string(), examples: { page: "<!doctype html>" } } } } },
  problems: ["validation_failed"],
}

const getProblem: Operation = {
  id: "getProblem",
  method: "get",
  path: "/problems/{code}",
  tag,
  summary: "What a problem means, and what to do",
  description: "The `type` of every problem leads here. Browsers get a page, programs JSON.",
  scope: null,
  pathParameters: z.strictObject({ code: z.enum(problemCodes).meta({ description: "The problem's `code`.", examples: ["conflict"] }) }),
  answers: {
    200: {
      description: "The explanation.",
      content: {
        ...json(problemPage, { conflict: { type: "/problems/conflict", code: "conflict", ...problems.conflict } }),
        "text/html": { schema: z.string(), examples: { page: "<!doctype html>" } },
      },
    },
  },
}

const getConfigurationSchema: Operation = {
  id: "getConfigurationSchema",
  method: "get",
  path: configurationSchemaPath,
  tag,
  summary: "The JSON Schema of sluice.yaml, for editors",
  description:
    "Draft 7, with descriptions, defaults and examples. Put `# yaml-language-server: $schema=` and this address at the head of the file.",
  scope: null,
  answers: {
    200: {
      description: "The schema.",
      content: { "application/schema+json": { schema: jsonObject, examples: { beginning: { title: "sluice.yaml" } } } },
    },
  },
  problems: ["validation_failed"],
}

export const documentationOperations = [getDocument, getDocs, getProblem, getConfigurationSchema]
