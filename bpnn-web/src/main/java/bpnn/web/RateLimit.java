package bpnn.web;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * A bucket of tokens for each client: a request takes one, and they come back at a steady rate. The clients that were
 * silent longest are forgotten first.
 */
final class RateLimit {
    private static final int CLIENTS = 256;

    private final double perSecond;
    private final double burst;
    private final LongSupplier nanoTime;
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > CLIENTS;
        }
    };

    private record Bucket(double tokens, long time) {}

    /**
     * @param perSecond requests that are served in the long run
     * @param burst requests that are served at once after a rest
     */
    RateLimit(double perSecond, double burst, LongSupplier nanoTime) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.nanoTime = nanoTime;
    }

    /** Whether a client's request may be served now. */
    synchronized boolean permits(String client) {
        long now = nanoTime.getAsLong();
        Bucket bucket = buckets.getOrDefault(client, new Bucket(burst, now));
        double tokens = Math.min(burst, bucket.tokens + perSecond * (now - bucket.time) / 1e9);
        boolean permitted = tokens >= 1;
        buckets.put(client, new Bucket(permitted ? tokens - 1 : tokens, now));
        return permitted;
    }
}
