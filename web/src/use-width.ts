import { type RefCallback, useCallback, useState } from 'react'

/** How wide an element is, as it changes: 0 until it is known. */
export function useWidth<Of extends Element>(): [RefCallback<Of>, number] {
  const [width, setWidth] = useState(0)
  const ref = useCallback((element: Of | null) => {
    if (!element) return
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)))
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return [ref, width]
}
