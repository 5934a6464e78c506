package bpnn.tck;

/** The groups of cases, in the order in which the kit runs them. */
public enum Group {
    LIFECYCLE("probe and lifecycle"),
    PRIMITIVES("primitives against float64"),
    FUSED("fused kernels against their definition"),
    GRADIENTS("gradients against finite differences"),
    REPEATABILITY("same bits from run to run"),
    SENTINELS("nothing written or used outside the operands"),
    ALIASING("destinations that are sources"),
    SPECIAL_VALUES("NaN, infinity, signed zero, subnormals"),
    TRAINING("first 10 losses of a training"),
    EXACTNESS("bits of the reference");

    private final String title;

    Group(String title) {
        this.title = title;
    }

    /** The group in words. */
    public String title() {
        return title;
    }
}
