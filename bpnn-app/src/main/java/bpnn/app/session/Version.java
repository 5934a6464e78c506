package bpnn.app.session;

import bpnn.lab.run.Build;
import java.util.List;
import picocli.CommandLine.IVersionProvider;

/** What this program is. */
public final class Version implements IVersionProvider {
    /** What {@code --version} says. */
    public static List<String> lines() {
        return List.of(Build.words(), "Java " + Runtime.version() + ", " + System.getProperty("java.vm.name"));
    }

    @Override
    public String[] getVersion() {
        return lines().toArray(String[]::new);
    }
}
