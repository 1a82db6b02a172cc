import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type RunFile, readRunFile, writeRunFile } from '../src/app.ts'

describe('run.json', () => {
  const dataHome = mkdtempSync(path.join(os.tmpdir(), 'alongside-run-'))
  afterAll(() => rmSync(dataHome, { recursive: true, force: true }))

  const run = (url: string): RunFile => ({
    neo4j: { uri: 'bolt://127.0.0.1:1', username: 'neo4j', password: 'secret' },
    redis: { url: 'redis://127.0.0.1:1' },
    url,
    pid: process.pid,
  })

  it('is removed by the process it is about', () => {
    const remove = writeRunFile(dataHome, run('http://one'))
    expect(readRunFile(dataHome)).toEqual(run('http://one'))
    remove()
    expect(readRunFile(dataHome)).toBeNull()
  })

  it('is left alone by one that ends after another has written it', () => {
    const removeFirst = writeRunFile(dataHome, run('http://first'))
    const removeSecond = writeRunFile(dataHome, run('http://second'))
    removeFirst()
    expect(readRunFile(dataHome)).toEqual(run('http://second'))
    removeSecond()
    expect(readRunFile(dataHome)).toBeNull()
  })
})
