package bpnn.app.option;

/** Java's module {@code java.desktop}, which draws and reads pictures; the runtime of the portable bundle lacks it. */
public final class Desktop {
    private Desktop() {}

    /** Whether the runtime has it. */
    public static boolean isThere() {
        return ModuleLayer.boot().findModule("java.desktop").isPresent();
    }

    /**
     * To be called before work whose result is a picture.
     *
     * @param what the subject of the sentence, such as "A report"
     * @throws UsageException if the runtime lacks the module
     */
    public static void require(String what) {
        if (!isThere()) {
            throw new UsageException(what + " needs Java's module java.desktop, which the runtime in "
                    + System.getProperty("java.home") + " does not have: the portable bundle leaves pictures out. Run"
                    + " this command from the project's own folder with a JDK 17 or newer.");
        }
    }
}
