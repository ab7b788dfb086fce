import { createTranslation, type TargetFormat, type Translation } from '../../pixels/translation.js'
import type { Picture } from './encoding.js'

/** Keeps the newest translation: the pieces of an update, and nearly always the next update, need the same. */
export class TranslationMemo {
  readonly #create: typeof createTranslation
  #key: readonly unknown[] = []
  #translation!: Translation

  constructor(create: typeof createTranslation = createTranslation) {
    this.#create = create
  }

  of({ mode, palette }: Picture, target: TargetFormat): Translation {
    // Values that are never changed once made, so that the same object says the same.
    const key = [mode.format, target, mode.format.indexed ? palette : undefined]
    if (!key.every((part, i) => part === this.#key[i]))
      this.#translation = this.#create(mode.format, target, palette)
    this.#key = key
    return this.#translation
  }
}
