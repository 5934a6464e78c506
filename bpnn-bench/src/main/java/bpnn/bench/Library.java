package bpnn.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** What Maven knows of a library on the class path. */
public final class Library {
    private Library() {}

    /** Its version. */
    public static String version(String group, String artifact) {
        String name = "/META-INF/maven/" + group + "/" + artifact + "/pom.properties";
        try (InputStream file = Library.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException(group + ":" + artifact + " is not on the class path");
            }
            Properties properties = new Properties();
            properties.load(file);
            return properties.getProperty("version", "unknown");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
