"""A Z-Image checkpoint of four megabytes with random weights, for the real pipeline on a CPU.

It has the layout, the file formats and the tensor names of Tongyi-MAI/Z-Image-Turbo, only fewer
and smaller layers; its pictures are coloured noise that depends on every part of the spec.
`building` writes it, `models` holds the small variants, `registering` makes DiffSynth know them,
`engine` is the engine that does so before it loads.
"""
