/** Where the API serves the JSON Schema of the configuration. */
export const configurationSchemaPath = "/sluice.schema.json"
