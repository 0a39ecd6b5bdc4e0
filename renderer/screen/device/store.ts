/** The screen's flash: one IndexedDB store of named values. Keys that cannot be taken out live here as CryptoKey objects. */
export interface Store {
  get(name: string): Promise<unknown>
  set(name: string, value: unknown): Promise<void>
}

export async function openStore(): Promise<Store> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open('vangxa-screen', 1)
    request.onupgradeneeded = () => void request.result.createObjectStore('values')
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('IndexedDB'))
  })
  const run = <T>(mode: IDBTransactionMode, work: (values: IDBObjectStore) => IDBRequest<T>): Promise<T> => new Promise((resolve, reject) => {
    const transaction = database.transaction('values', mode, { durability: mode === 'readwrite' ? 'strict' : 'default' })
    const request = work(transaction.objectStore('values'))
    transaction.oncomplete = () => resolve(request.result)
    transaction.onerror = () => reject(transaction.error ?? new Error('IndexedDB'))
    transaction.onabort = () => reject(transaction.error ?? new Error('IndexedDB'))
  })
  return {
    get: (name) => run<unknown>('readonly', (values) => values.get(name)),
    set: (name, value) => run('readwrite', (values) => values.put(value, name)).then(() => undefined),
  }
}
