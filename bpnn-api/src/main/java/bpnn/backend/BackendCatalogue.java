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
 * The backends that were found. An explicit choice is honoured or fails with the reason; only {@link #AUTO} goes on to
 * the next one, and says so.
 */
public final class BackendCatalogue {
    /** The id that leaves the choice to the program. */
    public static final String AUTO = "auto";

    private static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]*");

    private final List<BackendEntry> entries;
    private final List<Rejection> rejections;

    private BackendCatalogue(List<BackendEntry> entries, List<Rejection> rejections) {
        this.entries = List.copyOf(entries);
        this.rejections = List.copyOf(rejections);
    }

    /**
     * Enters what was found. A provider for another version of the SPI, one without a usable id, and one whose id is
     * taken by an earlier one are rejected.
     *
     * @param found loaded providers; of two with the same id the first stays
     * @param rejected what could not even be loaded
     */
    public static BackendCatalogue of(List<FoundProvider> found, List<Rejection> rejected) {
        Map<String, BackendEntry> entries = new LinkedHashMap<>();
        List<Rejection> rejections = new ArrayList<>(rejected);
        for (FoundProvider candidate : found) {
            enter(candidate, entries).ifPresent(rejections::add);
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

    /** What a provider says of itself. */
    private record Identity(int version, String id, int priority) {
        static Identity of(BackendProvider provider) {
            return new Identity(provider.apiVersion(), provider.id(), provider.priority());
        }
    }

    private static Optional<Rejection> enter(FoundProvider candidate, Map<String, BackendEntry> entries) {
        BackendProvider provider = candidate.provider();
        String origin = candidate.origin();
        Quarantine<Identity> asked;
        try {
            asked = Quarantine.run("identity of a backend", () -> Identity.of(provider));
        } catch (RuntimeException | LinkageError | AssertionError e) {
            return Optional.of(new Rejection(
                    origin, provider.getClass().getName() + " could not be asked who it is: " + e + ".", e));
        }
        String fault = asked.keepsSubnormals()
                ? fault(asked.value())
                : "Since it was asked who it is, " + FloatingPoint.FAULT + ".";
        if (fault != null) {
            return Optional.of(new Rejection(origin, fault, null));
        }
        String id = asked.value().id();
        BackendEntry entry = new BackendEntry(id, asked.value().priority(), origin, provider);
        BackendEntry taken = entries.putIfAbsent(id, entry);
        return taken == null
                ? Optional.empty()
                : Optional.of(new Rejection(
                        origin,
                        "The id \"" + id + "\" already belongs to the backend from " + taken.origin() + ".",
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

    /** The usable providers, those that {@link #AUTO} prefers first. */
    public List<BackendEntry> entries() {
        return entries;
    }

    /** What was found and is of no use, with reasons. */
    public List<Rejection> rejections() {
        return rejections;
    }

    /**
     * Chooses a backend.
     *
     * @param id an id, or {@link #AUTO} for the available one of the highest priority
     * @throws BackendException if the wanted one is unknown or not available; the message says why, and what there is
     */
    public Selection select(String id) {
        return id.equals(AUTO) ? selectAutomatically() : selectExplicitly(id);
    }

    private Selection selectAutomatically() {
        StringBuilder passedOver = new StringBuilder();
        for (BackendEntry entry : entries) {
            Availability availability = entry.probe();
            if (availability instanceof Available available) {
                String choice = "Backend " + entry.id() + " chosen automatically: " + sentence(available.device());
                return new Selection(entry, available, choice + passedOver);
            }
            passedOver
                    .append(" Backend ")
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

    /** What there is, what is not available and why, and what was left out and why. */
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
