package bpnn.lab.run;

/** Which bpnn computes; records and reports name it. */
public final class Build {
    /** For runs outside a jar. */
    private static final String UNPACKAGED = "development version";

    private Build() {}

    /** The project's version. */
    public static String number() {
        String version = Build.class.getPackage().getImplementationVersion();
        return version == null ? UNPACKAGED : version;
    }

    /** The commit that the launcher found, or "unknown". */
    public static String commit() {
        String commit = System.getProperty("bpnn.commit", "");
        return commit.isEmpty() ? "unknown" : commit;
    }

    /** Both in words. */
    public static String words() {
        return "bpnn " + number() + ", commit " + commit();
    }
}
