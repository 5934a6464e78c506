package bpnn.backend;

import bpnn.spi.Availability;
import bpnn.spi.Availability.Available;
import bpnn.spi.Availability.Unavailable;
import bpnn.spi.BackendException;
import bpnn.spi.BackendProvider;
import bpnn.spi.FloatingPoint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The backends that were found. An explicit choice is honoured or fails with the reason; only {@link #AUTO} falls back,
 * and reports it.
 */
public final class BackendCatalogue {
    /** The id that selects a backend automatically. */
    public static final String AUTO = "auto";

    private static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]*");

    private final List<BackendEntry> entries;
    private final List<Rejection> rejections;

    private BackendCatalogue(List<BackendEntry> entries, List<Rejection> rejections) {
        this.entries = List.copyOf(entries);
        this.rejections = List.copyOf(rejections);
    }

    /**
     * Builds the catalogue. A provider is rejected if it was built for another version of the SPI, has no valid id, or
     * has the id of an earlier one.
     *
     * @param found loaded providers; of two with the same id the first wins
     * @param rejected what could not be loaded
     */
    public static BackendCatalogue of(List<FoundProvider> found, List<Rejection> rejected) {
        Map<String, BackendEntry> entries = new LinkedHashMap<>();
        List<Rejection> rejections = new ArrayList<>(rejected);
        for (FoundProvider candidate : found) {
            register(candidate, entries).ifPresent(rejections::add);
        }
        List<BackendEntry> sorted = new ArrayList<>(entries.values());
        sorted.sort(Comparator.comparingInt(BackendEntry::priority).reversed().thenComparing(BackendEntry::id));
        return new BackendCatalogue(sorted, rejections);
    }

    /**
     * The backends on the class path and the module path, found through {@link ServiceLoader}.
     *
     * @throws java.util.ServiceConfigurationError if one of them cannot be loaded
     */
    public static BackendCatalogue installed() {
        return of(
                ServiceLoader.load(BackendProvider.class).stream()
                        .map(provider -> new FoundProvider(provider.get(), "the class path"))
                        .toList(),
                List.of());
    }

    /** What a provider reports about itself. */
    private record Identity(int version, String id, int priority) {
        static Identity of(BackendProvider provider) {
            return new Identity(provider.apiVersion(), provider.id(), provider.priority());
        }
    }

    private static Optional<Rejection> register(FoundProvider candidate, Map<String, BackendEntry> entries) {
        BackendProvider provider = candidate.provider();
        String origin = candidate.origin();
        IsolatedCall<Identity> identity;
        try {
            identity = IsolatedCall.run("identity of a backend", () -> Identity.of(provider));
        } catch (RuntimeException | LinkageError | AssertionError e) {
            return Optional.of(new Rejection(
                    origin, provider.getClass().getName() + " did not report its identity: " + e + ".", e));
        }
        String fault = identity.keepsSubnormals()
                ? fault(identity.value())
                : "Since it reported its identity, " + FloatingPoint.FAULT + ".";
        if (fault != null) {
            return Optional.of(new Rejection(origin, fault, null));
        }
        String id = identity.value().id();
        BackendEntry entry = new BackendEntry(id, identity.value().priority(), origin, provider);
        BackendEntry existing = entries.putIfAbsent(id, entry);
        return existing == null
                ? Optional.empty()
                : Optional.of(new Rejection(
                        origin,
                        "The id \"" + id + "\" already belongs to the backend from " + existing.origin() + ".",
                        null));
    }

    private static @Nullable String fault(Identity identity) {
        if (identity.version() != BackendProvider.API_VERSION) {
            return "Backend \"" + identity.id() + "\" was built for version " + identity.version()
                    + " of the backend interface, but this program has version " + BackendProvider.API_VERSION + ".";
        }
        String id = identity.id();
        return id != null && ID.matcher(id).matches() && !id.equals(AUTO)
                ? null
                : "The backend's id is \"" + id
                        + "\", but an id is made of lower-case letters, digits and hyphens, begins"
                        + " with a letter and is not \"" + AUTO + "\".";
    }

    /** The usable providers, in the order in which {@link #AUTO} prefers them. */
    public List<BackendEntry> entries() {
        return entries;
    }

    /** The providers that cannot be used, with reasons. */
    public List<Rejection> rejections() {
        return rejections;
    }

    /**
     * Chooses a backend.
     *
     * @param id an id, or {@link #AUTO} for the available one of the highest priority
     * @throws BackendException if the backend is unknown or not available; the message says why, and lists the others
     */
    public Selection select(String id) {
        return id.equals(AUTO) ? selectAutomatically() : selectExplicitly(id);
    }

    private Selection selectAutomatically() {
        StringBuilder skipped = new StringBuilder();
        for (BackendEntry entry : entries) {
            Availability availability = entry.probe();
            if (availability instanceof Available available) {
                String choice = "Backend " + entry.id() + " chosen automatically: " + sentence(available.device());
                return new Selection(entry, available, choice + skipped);
            }
            skipped.append(" Backend ")
                    .append(entry.id())
                    .append(" would come first, but is not available: ")
                    .append(sentence(((Unavailable) availability).reason()));
        }
        throw new BackendException("No backend is available." + overview());
    }

    private Selection selectExplicitly(String id) {
        BackendEntry entry = entries.stream()
                .filter(e -> e.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new BackendException("There is no backend \"" + id + "\"." + overview()));
        Availability availability = entry.probe();
        if (availability instanceof Unavailable unavailable) {
            throw new BackendException(
                    "Backend " + id + " is not available: " + sentence(unavailable.reason()) + " "
                            + sentence(unavailable.hint()),
                    unavailable.cause());
        }
        Available available = (Available) availability;
        return new Selection(entry, available, "Backend " + id + ": " + sentence(available.device()));
    }

    /** Lists the available backends, and the unavailable and rejected ones with reasons. */
    private String overview() {
        List<String> available = new ArrayList<>();
        StringBuilder others = new StringBuilder();
        for (BackendEntry entry : entries) {
            if (entry.probe() instanceof Unavailable unavailable) {
                others.append(" Not available is ")
                        .append(entry.id())
                        .append(": ")
                        .append(sentence(unavailable.reason()))
                        .append(' ')
                        .append(sentence(unavailable.hint()));
            } else {
                available.add(entry.id());
            }
        }
        for (Rejection rejection : rejections) {
            others.append(" Left out was ")
                    .append(rejection.origin())
                    .append(": ")
                    .append(sentence(rejection.reason()));
        }
        return " Available: " + (available.isEmpty() ? "none" : String.join(", ", available)) + "." + others;
    }

    private static String sentence(String text) {
        return text.endsWith(".") ? text : text + ".";
    }
}
