import { Sankey } from '@visx/sankey'
import { useId } from 'react'
import type { Explained } from './explained.ts'
import { type PathLink, type PathNode, pathsOf } from './paths.ts'
import { asContribution } from './words.ts'

const ROW = 44
const NODE_WIDTH = 10
const LETTER = 6.4

const shortened = (name: string, width: number) => {
  const letters = Math.max(6, Math.floor(width / LETTER))
  return name.length > letters ? `${name.slice(0, letters - 1).trimEnd()}…` : name
}

/** Links are as wide as what they add; what takes away is dashed as well as red. */
export function Paths({ explained, width, lit }: { explained: Explained; width: number; lit: number | null }) {
  const title = useId()
  const graph = pathsOf(explained)
  if (graph.links.length === 0) return null
  const places = new Map<string, number>()
  for (const { key } of graph.nodes) places.set(key.split(' ')[0]!, (places.get(key.split(' ')[0]!) ?? 0) + 1)
  const height = Math.max(3, ...places.values()) * ROW
  const columns = places.size
  const room = (width - NODE_WIDTH) / Math.max(1, columns - 1)
  return (
    <svg className="paths" width={width} height={height} role="img" aria-labelledby={title}>
      <title id={title}>
        {`${graph.links.filter(({ target }) => target === 'offered').length} paths to ${explained.title}`}
      </title>
      <Sankey<PathNode, PathLink>
        root={graph}
        nodeId={({ key }) => key}
        nodeWidth={NODE_WIDTH}
        nodePadding={ROW / 2}
        extent={[
          [1, 26],
          [width - 1, height - 10],
        ]}
      >
        {({ graph: { nodes, links }, createPath }) => (
          <>
            {links.map((link) => (
              <path
                key={`${link.at} ${link.source} ${nodes.indexOf(link.target as never)} ${link.y0}`}
                className={`link ${link.contribution < 0 ? 'minus' : 'plus'}${lit === link.at ? ' lit' : ''}${lit !== null && lit !== link.at ? ' dim' : ''}`}
                d={createPath(link) ?? ''}
                strokeWidth={link.width}
                data-evidence={link.at}
                data-contribution={link.contribution}
              >
                <title>{asContribution(link.contribution)}</title>
              </path>
            ))}
            {nodes.map(({ key, name, label, x0 = 0, x1 = 0, y0 = 0, y1 = 0 }) => {
              const last = key === 'offered'
              return (
                <g key={key} className={`node ${label.toLowerCase()}`}>
                  <title>{`${label}: ${name}`}</title>
                  <rect x={x0} y={y0} width={x1 - x0} height={Math.max(2, y1 - y0)} rx={2} />
                  <text
                    x={last ? x1 : x1 + 5}
                    y={last ? 12 : (y0 + y1) / 2}
                    dy={last ? 0 : '0.35em'}
                    textAnchor={last ? 'end' : 'start'}
                  >
                    {shortened(name, room - 24)}
                  </text>
                </g>
              )
            })}
          </>
        )}
      </Sankey>
    </svg>
  )
}
