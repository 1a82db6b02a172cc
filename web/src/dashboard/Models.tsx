import { ModelProgressDocument, type ModelProgressSubscription, type VersionFragment } from '../generated/operations.ts'
import { asCount, asDay, asNumber, inWords } from './format.ts'
import { type Stream, useStream } from './hooks.ts'
import { Section } from './Section.tsx'

const NONE: readonly VersionFragment[] = []
const SHOWN = 6

const keep = (
  known: readonly VersionFragment[],
  arrived: readonly ModelProgressSubscription[],
): readonly VersionFragment[] =>
  arrived.reduce<readonly VersionFragment[]>((all, { modelProgress: changed }) => {
    const others = all.filter(({ id }) => id !== changed.id)
    return [changed, ...others]
  }, known)

/** What a training measured, as far as it is a number: nested ones under both names. */
function measured(metrics: unknown, prefix = ''): [string, number][] {
  if (typeof metrics !== 'object' || metrics === null) return []
  return Object.entries(metrics).flatMap(([name, value]): [string, number][] => {
    const full = prefix ? `${prefix} ${name}` : name
    if (typeof value === 'number') return [[full, value]]
    return prefix || Array.isArray(value) || name === 'written' ? [] : measured(value, full)
  })
}

/** The versions as they were read, each replaced by what was told of it since. */
export function Models({ known }: { known: Stream<readonly VersionFragment[]> }) {
  const { value: changed } = useStream(ModelProgressDocument, {}, keep, NONE)
  const fresh = new Map(changed.map((model) => [model.id, model]))
  const all = known.value.map((model) => fresh.get(model.id) ?? model)
  const added = changed.filter(({ id }) => !known.value.some((model) => model.id === id))
  const value = [...added, ...all].slice(0, SHOWN)
  return (
    <Section
      title="Models"
      stream={{ ...known, value }}
      empty="No version has been trained yet: npm run train, or trainModel."
      isEmpty={(models) => models.length === 0}
    >
      {(models) => (
        <ul className="models">
          {models.map((model) => (
            <Version key={model.id} model={model} />
          ))}
        </ul>
      )}
    </Section>
  )
}

function Version({ model: { id, status, trainedAt, dataUntil, progress, metrics } }: { model: VersionFragment }) {
  return (
    <li>
      <p>
        <strong>{id}</strong> <span className={`tag ${status.toLowerCase()}`}>{inWords(status)}</span>
      </p>
      {status === 'TRAINING' ? (
        <progress value={progress} max={1} aria-label={`Training of ${id}`} />
      ) : (
        <p className="quiet">
          {trainedAt && `trained ${asDay(trainedAt)}`}
          {dataUntil && `, on data until ${asDay(dataUntil)}`}
        </p>
      )}
      <dl className="measured">
        {measured(metrics).map(([name, value]) => (
          <div key={name}>
            <dt>{name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()}</dt>
            <dd>{Number.isInteger(value) ? asCount(value) : asNumber(value)}</dd>
          </div>
        ))}
      </dl>
    </li>
  )
}
