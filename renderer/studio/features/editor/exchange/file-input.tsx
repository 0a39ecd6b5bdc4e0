import type { Ref } from 'react'
import { showError } from '../../../app/errors/index.ts'

/** The hidden field behind a button that asks for one file. The same file may be chosen twice. */
export function FileInput(props: { ref: Ref<HTMLInputElement>; accept: string; label: string; testId: string; onFile: (file: File) => Promise<void> }) {
  return (
    <input ref={props.ref} type="file" accept={props.accept} aria-label={props.label} hidden data-testid={props.testId} onChange={(event) => {
      const [file] = event.currentTarget.files ?? []
      event.currentTarget.value = ''
      if (file !== undefined) void props.onFile(file).catch(showError)
    }} />
  )
}
