import { errorTypes, jobStatuses, qualities, tierNames } from "@sluice/core"
import { useNavigate } from "@tanstack/react-router"
import { useEffect, useState } from "react"
import { Button } from "../../kit/button.tsx"
import { Select, TextField } from "../../kit/field.tsx"
import { JobStatusChip } from "../../kit/job-status-chip.tsx"
import { RouteSelect } from "../../kit/route-select.tsx"
import { type JobsSearch, sinceChoices, statusesOf, withStatusToggled } from "./jobs-search.ts"

type Change = (changes: { readonly [Name in keyof JobsSearch]: string | undefined }) => void

/** Each change goes into the address, so that what is looked at can be sent to someone. */
export function JobsFilters({ search }: { readonly search: JobsSearch }) {
  const navigate = useNavigate({ from: "/jobs" })
  const [isOpen, setOpen] = useState(false)
  const change: Change = (changes) => {
    const next = Object.entries(changes).map(([name, value]) => [name, value === "" ? undefined : value])
    void navigate({ search: (old) => ({ ...old, ...Object.fromEntries(next) }), replace: true })
  }
  return (
    <search className="stack">
      <div className="row row-apart">
        <StatusFilter search={search} change={change} />
        <span className="narrow-only">
          <Button aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            More filters
          </Button>
        </span>
      </div>
      <div className={isOpen ? "filters filters-open" : "filters"}>
        <SinceFilter search={search} change={change} />
        <RouteFilter search={search} change={change} />
        <Choice label="Error" name="errorType" search={search} change={change} options={errorTypes} />
        <Choice label="Tier" name="tier" search={search} change={change} options={tierNames} />
        <Choice label="Quality" name="quality" search={search} change={change} options={qualities} />
        <Typed label="Metadata" name="metadata" placeholder="key=value" search={search} change={change} />
        <Typed label="Batch" name="batchId" placeholder="batch_…" search={search} change={change} />
      </div>
    </search>
  )
}

interface FilterProps {
  readonly search: JobsSearch
  readonly change: Change
}

function StatusFilter({ search, change }: FilterProps) {
  const chosen = statusesOf(search)
  return (
    <fieldset className="status-filter">
      <legend className="unseen">Status</legend>
      {jobStatuses.map((status) => (
        <button
          key={status}
          type="button"
          aria-pressed={chosen.includes(status)}
          onClick={() => change({ status: withStatusToggled(search, status) })}
        >
          <JobStatusChip status={status} />
        </button>
      ))}
    </fieldset>
  )
}

interface NamedFilterProps extends FilterProps {
  readonly label: string
  readonly name: keyof JobsSearch
}

function SinceFilter({ search, change }: FilterProps) {
  return (
    <Select label="Submitted" value={search.since ?? ""} onChange={(since) => change({ since })}>
      <option value="">any time</option>
      {Object.entries(sinceChoices).map(([since, { label }]) => (
        <option key={since} value={since}>
          last {label}
        </option>
      ))}
    </Select>
  )
}

function Choice({ label, name, search, change, options }: NamedFilterProps & { readonly options: readonly string[] }) {
  return (
    <Select label={label} value={search[name] ?? ""} onChange={(value) => change({ [name]: value })}>
      <option value="">any</option>
      {options.map((option) => (
        <option key={option}>{option}</option>
      ))}
    </Select>
  )
}

/** What is typed, where the routes may not be seen, goes into the address when the typing pauses. */
function RouteFilter({ search, change }: FilterProps) {
  const { text, setText } = useTyped({ search, change, name: "route" })
  return <RouteSelect value={text} onChange={setText} none="any" />
}

const pauseMs = 400

/** What is typed goes into the address when the typing pauses. */
function useTyped({ search, change, name }: FilterProps & Pick<NamedFilterProps, "name">) {
  const stated = search[name] ?? ""
  const [text, setText] = useState(stated)
  useEffect(() => setText(stated), [stated])
  // biome-ignore lint/correctness/useExhaustiveDependencies: only typing starts the clock.
  useEffect(() => {
    if (text === stated) return
    const timer = setTimeout(() => change({ [name]: text }), pauseMs)
    return () => clearTimeout(timer)
  }, [text])
  return { text, setText }
}

function Typed({ label, placeholder, ...filter }: NamedFilterProps & { readonly placeholder: string }) {
  const { text, setText } = useTyped(filter)
  return <TextField label={label} value={text} onChange={setText} placeholder={placeholder} />
}
