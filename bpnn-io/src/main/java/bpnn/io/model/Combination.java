package bpnn.io.model;

/** What is averaged where several networks, or several versions of an image, are judged together. */
public enum Combination {
    /** The probabilities of the classes: each judgement counts as much as it is certain. */
    PROBABILITIES,
    /** The logits: the geometric mean of the probabilities, but for a factor. */
    LOGITS
}
