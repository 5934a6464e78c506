package bpnn.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostCheckTest {
    private final HostCheck rule = new HostCheck("Studio.local");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "localhost:8028",
                "LOCALHOST:8028",
                "127.0.0.1:8028",
                "[::1]:8028",
                "studio.local:80"
            })
    void namesThatNobodyElseCanTakeArePermitted(String host) {
        assertThat(rule.permits(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:8028",
                "127.0.0.1.evil.example",
                "localhost.evil.example:8028",
                "1.2.3.4.5",
                "127.0.0.1@evil.example",
                "localhost:8028:1",
                "[::1",
                "",
                ":8028",
                "localhost evil"
            })
    void everyOtherNameIsRefused(String host) {
        assertThat(rule.permits(host)).isFalse();
    }

    @Test
    void aRequestWithoutAHostIsRefused() {
        assertThat(rule.permits(null)).isFalse();
    }
}
