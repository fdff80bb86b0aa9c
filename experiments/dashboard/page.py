import streamlit as st
st.write("hello", {k: st.get_option(k) for k in ("client.showErrorDetails","server.allowedHosts","browser.gatherUsageStats","server.enableXsrfProtection","server.enableCORS","theme.primaryColor")})
import sys
print({k: st.get_option(k) for k in ("client.showErrorDetails","server.allowedHosts","browser.gatherUsageStats","server.enableXsrfProtection","server.enableCORS","theme.primaryColor","global.developmentMode")}, file=sys.stderr)
if st.button("x"): raise ValueError("secret /etc/passwd")
