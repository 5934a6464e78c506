package bpnn.app;

import java.util.List;
import picocli.CommandLine.IVersionProvider;

/** What this program is. */
public final class Version implements IVersionProvider {
    /** For runs outside a jar. */
    private static final String UNPACKAGED = "development version";

    /** The project's version. */
    public static String number() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? UNPACKAGED : version;
    }

    /** The commit that the launcher found, or "unknown". */
    public static String commit() {
        String commit = System.getProperty("bpnn.commit", "");
        return commit.isEmpty() ? "unknown" : commit;
    }

    /** What {@code --version} says. */
    public static List<String> lines() {
        return List.of(
                "bpnn " + number() + ", commit " + commit(),
                "Java " + Runtime.version() + ", " + System.getProperty("java.vm.name"));
    }

    @Override
    public String[] getVersion() {
        return lines().toArray(String[]::new);
    }
}
