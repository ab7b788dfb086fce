/** Where the stores come from: this process, a guest in a process of its own, or a KVM guest of this process. */
export const writerKinds = ['same', 'other', 'kvm'] as const
export type WriterKind = (typeof writerKinds)[number]

/** In words, after "a writer in". */
export const writerPlaces: Readonly<Record<WriterKind, string>> = {
  same: 'this process',
  other: 'another',
  kvm: 'a KVM guest',
}
