export {
  incompleteReason,
  isOpenaiBatch,
  isOpenaiResponse,
  type OpenaiBatchStatus,
  type OpenaiEventType,
  openaiBatchStatus,
  openaiEventOfBatch,
  openaiEventOfJob,
  openaiEventTypes,
  openaiMarks,
  openaiResponseId,
  reservedPrefix,
} from "./openai-events.ts"
