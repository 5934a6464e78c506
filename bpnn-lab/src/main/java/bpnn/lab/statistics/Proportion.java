package bpnn.lab.statistics;

/**
 * A share that was counted.
 *
 * @param successes counted
 * @param trials counted among
 */
public record Proportion(long successes, long trials) {
    /** The normal distribution has 95 % within so many standard deviations. */
    private static final double Z = 1.959963984540054;

    /** The share. */
    public double share() {
        return (double) successes / trials;
    }

    /**
     * E. B. Wilson's 95 % score interval (JASA 22, 1927), which stays between 0 and 1 and does not shrink to a point where
     * all or none succeed: (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n).
     */
    public Interval interval() {
        double n = trials;
        double p = share();
        double z2 = Z * Z;
        double centre = (p + z2 / (2 * n)) / (1 + z2 / n);
        double half = Z / (1 + z2 / n) * Math.sqrt(p * (1 - p) / n + z2 / (4 * n * n));
        return new Interval(p, Math.max(0, centre - half), Math.min(1, centre + half));
    }

    /** Whether each share lies in the other's interval. */
    public boolean agreesWith(Proportion other) {
        return interval().contains(other.share()) && other.interval().contains(share());
    }
}
