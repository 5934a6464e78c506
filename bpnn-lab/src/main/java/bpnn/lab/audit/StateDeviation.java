package bpnn.lab.audit;

/**
 * How far a tensor of a state is from what float64 gives, in units of what roundings explain.
 *
 * @param tensor its name
 * @param worst the largest deviation as a multiple of the largest that random roundings make
 * @param typical the same for the root mean square
 */
public record StateDeviation(String tensor, double worst, double typical) {
    /**
     * Roundings of a few runs are a sample: the largest of another one is not beyond four times theirs. Another learning
     * rate, another seed or another image is beyond a thousand times.
     */
    public static final double MOST = 4;

    /** The larger of the two. */
    public double farthest() {
        return Math.max(worst, typical);
    }

    /** Whether roundings explain it. */
    public boolean isExplained() {
        return farthest() <= MOST;
    }
}
